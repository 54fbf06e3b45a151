import { CATALOGUE_PATH, CROISSANT_TYPE, JSON_LD_TYPE, assetIdSchema, describeCatalogue } from '@neurodata/protocol';
import type { AssetKind } from '@neurodata/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isKnown, tagged } from './conditional.ts';
import type { HeldAnswers } from './createHeldAnswers.ts';
import type { HandlerContext } from './handlers/Handler.ts';
import { type AssetName, readCatalogue, readCroissant } from './reads/croissant.ts';

export type CroissantDoorParameters = {
  context: HandlerContext;
  held: HeldAnswers;
  /** Where people come to this node: documents name themselves by it, whatever host a request names. */
  siteUrl: () => string;
};

const revisionSchema = z.string().min(1).max(120);
const numbered = z.object({ assetId: assetIdSchema });
const named = z.object({ namespace: z.string().min(1).max(100), name: z.string().min(1).max(120), revision: revisionSchema.default('main') });
const asked = z.object({ revision: revisionSchema.default('main') });
const pageSchema = z.object({ cursor: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

/** Documents in JSON-LD: an asset in Croissant, by its name as clients of hubs know it or by its number, and the catalogue in DCAT. */
export function addCroissantDoor(app: FastifyInstance, parameters: CroissantDoorParameters): void {
  const { context, held, siteUrl } = parameters;
  const croissant = (nameOf: (request: FastifyRequest) => AssetName) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const name = nameOf(request);
    return sendDocument(request, reply, { type: CROISSANT_TYPE, answer: await held.read(request.url, async () => tagged(JSON.stringify(await readCroissant(context, name, siteUrl())))) });
  };
  for (const [noun, kind] of [['assets', undefined], ['datasets', 'dataset'], ['models', 'model']] as const) {
    app.get(`/api/v1/${noun}/:assetId/croissant`, croissant(({ params, query }) => ({ ...numbered.parse(params), ...asked.parse(query), ...only(kind) })));
    if (kind === undefined) continue;
    for (const end of ['croissant', 'revision/:revision/croissant']) app.get(`/api/${noun}/:namespace/:name/${end}`, croissant(({ params }) => ({ ...named.parse(params), kind })));
  }
  app.get(CATALOGUE_PATH, async (request, reply) => {
    const { cursor, limit } = pageSchema.parse(request.query);
    const answer = await held.read(request.url, async () => {
      const { entries, next } = await readCatalogue(context.db, { cursor, limit });
      return tagged(JSON.stringify(describeCatalogue({ site: siteUrl(), chainId: context.config.deployment.chainId, entries, limit, cursor, next })));
    });
    return sendDocument(request, reply, { type: JSON_LD_TYPE, answer });
  });
}

const only = (kind: AssetKind | undefined): { kind?: AssetKind } => (kind === undefined ? {} : { kind });

/** Public documents: whoever keeps one asks again after a minute, and is told where nothing changed. Any page may read them. */
function sendDocument(request: FastifyRequest, reply: FastifyReply, { type, answer }: { type: string; answer: { body: Buffer; etag: string } }): FastifyReply {
  reply.headers({ 'cache-control': 'public, max-age=60', etag: answer.etag, 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  if (isKnown(request.headers['if-none-match'], answer.etag)) return reply.code(304).send();
  return reply.type(type).send(answer.body);
}
