import { NeuroError } from '@neurodata/protocol';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readPreloads } from './readPreloads.ts';

const notPages = /^\/(api|graphql|ipfs|rpc|pins|openapi\.json|healthz|readyz)(\/|$|\?)/;
/** Vite puts a content hash into these names, so that they never change. */
const hashedName = /[/\\]assets[/\\]/;
/** The page, or a compressed copy of it. */
const page = /[/\\]index\.html(\.\w+)?$/;

function unknownPath(request: FastifyRequest): NeuroError {
  return new NeuroError(`${request.method} ${request.url.slice(0, 200)} is not served here.`, { code: 'NOT_FOUND', remedy: 'See /openapi.json for what is.' });
}

/** The dApp's files; any other page address gives its index.html. Without a folder only the API is served. */
export async function addWebFiles(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    app.setNotFoundHandler((request) => {
      throw unknownPath(request);
    });
    return;
  }
  const linkOf = await readPreloads(folder);
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: true,
    index: 'index.html',
    cacheControl: false,
    // The build lays compressed files beside those that they are of.
    preCompressed: true,
    setHeaders: (reply, path) => {
      reply.header('cache-control', hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      const link = page.test(path) ? linkOf(reply.request.url) : undefined;
      if (link) reply.header('link', link);
    },
  });
  app.setNotFoundHandler((request, reply): FastifyReply => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !notPages.test(request.url) && !/\.[a-z0-9]{1,8}($|\?)/i.test(request.url);
    if (!isPage) throw unknownPath(request);
    return reply.sendFile('index.html');
  });
}
