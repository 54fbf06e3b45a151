import { NeuroError } from '@neurodata/protocol';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { checkOrigin } from '../chain/checkOrigin.ts';
import type { Service } from '../common/service.ts';

/** A small HTTP server for a process that has no API of its own; writes from pages elsewhere are refused. */
export function createDoor(parameters: { host: string; port: number; allowedOrigins: readonly string[]; routes: (app: FastifyInstance) => void }): Service {
  const { host, port, allowedOrigins, routes } = parameters;
  const app = fastify({ logger: false, forceCloseConnections: true, requestTimeout: 60_000 });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    const { host: asked, origin } = request.headers;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !checkOrigin({ host: asked, origin, allowed: allowedOrigins })) await reply.code(403).send({ code: 'FORBIDDEN' });
  });
  app.get('/healthz', async () => ({ alive: true }));
  routes(app);
  return {
    start: async () => {
      await app.listen({ host, port }).catch((cause: unknown) => {
        throw new NeuroError(`${host}:${port} cannot be listened on.`, { code: 'CONFLICT', cause, details: String(cause), remedy: 'Free the port, or choose another one with --port.' });
      });
    },
    stop: () => app.close(),
  };
}
