import { Readable } from 'node:stream';
import { createHub, createPublicSource, viewerRoutes } from '@neurodata/sdk';
import type { Hub, HubTables } from '@neurodata/sdk';
import type { Storage } from '@neurodata/storage';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../db/openDatabase.ts';
import { readAsset } from './handlers/assets.ts';

const repo = ':namespace/:name';
const reads = [
  '/api/whoami-v2',
  ...['datasets', 'models'].flatMap((noun) => ['', '/revision/:revision', '/tree/:revision', '/tree/:revision/*'].map((end) => `/api/${noun}/${repo}${end}`)),
  ...['', '/datasets', '/models'].flatMap((before) => ['resolve', 'raw'].map((verb) => `${before}/${repo}/${verb}/:revision/*`)),
  ...['', '/:config', '/:config/:split', '/:config/:split/:file'].map((end) => `/api/datasets/${repo}/parquet${end}`),
  ...viewerRoutes.map((route) => `/${route}`),
];

/** What Hugging Face clients ask of a hub, as far as it is public: cards, manifests, trees, statistics. A sealed file is refused with how to get it: a node holds no keys. */
export function addHubDoor(app: FastifyInstance, parameters: { db: Database; storage: Pick<Storage, 'readRaw' | 'readFile'>; tables: HubTables; /** Where people come to this node. */ siteUrl: () => string }): void {
  const { db, storage, tables, siteUrl } = parameters;
  app.addHook('onClose', () => tables.stop());
  const hub = createHub({ tables, origin: siteUrl, source: createPublicSource({ storage, findAsset: (assetId) => readAsset(db, assetId) }) });
  for (const url of reads) app.route({ method: ['GET', 'HEAD'], url, exposeHeadRoute: false, handler: (request, reply) => serve(hub, request, reply) });
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(['application/x-www-form-urlencoded', 'application/json'], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const noun of ['datasets', 'models']) scope.post(`/api/${noun}/${repo}/paths-info/:revision`, (request, reply) => serve(hub, request, reply));
  });
}

async function serve(hub: Hub, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  const { status, headers: answered, body } = await hub({ method: request.method, url: request.url, headers, ...(request.body instanceof Uint8Array ? { body: request.body } : {}) });
  reply.code(status).headers(answered);
  if (body === undefined) return reply.send();
  return reply.send(body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : Readable.from(body, { objectMode: false }));
}
