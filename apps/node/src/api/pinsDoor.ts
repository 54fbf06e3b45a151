import { parseCid } from '@neurodata/storage';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Log } from '../common/logger.ts';
import { type HostedPin, pinStates } from '../db/hostedPins.ts';
import type { HostedPins } from '../pinning/createHostedPins.ts';
import { nameMatches } from '../pinning/listHostedPins.ts';
import { delegateOfUrl } from '../pinning/multiaddr.ts';
import { logProblem, toProblem } from './problem.ts';

export type PinsDoorParameters = { pins: HostedPins; accounts: Pick<Accounts, 'authenticate'>; /** Where blocks of this node are had. */ siteUrl: () => string; log: Log };

/** As the specification has it. */
const MOST_DELEGATES = 20;

const metaSchema = z.record(z.string().max(255), z.string().max(10_000)).refine((meta) => Object.keys(meta).length <= 1_000, 'has more than 1,000 keys');
const pinSchema = z.object({ cid: z.string().min(1).max(256), name: z.string().max(255).nullish(), origins: z.array(z.string().max(500)).max(20).nullish(), meta: metaSchema.nullish() });

/** `?status=queued,pinning` and `?status=queued&status=pinning`. */
const listed = z.union([z.string(), z.array(z.string())]).transform((said) => [...new Set([said].flat().flatMap((part) => part.split(',')).map((part) => part.trim()).filter(Boolean))]);
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const json = z.string().max(20_000).transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});
const filterSchema = z.object({
  cid: listed.pipe(z.array(z.string()).min(1).max(10)).optional(), name: z.string().max(255).optional(), match: z.enum(nameMatches).default('exact'),
  // Pins that stand, where nothing else is asked for.
  status: listed.pipe(z.array(z.enum(pinStates)).min(1)).default(['pinned']), before: time.optional(), after: time.optional(), limit: z.coerce.number().int().min(1).max(1_000).default(10), meta: json.pipe(metaSchema).optional(),
});
const requestSchema = z.object({ requestid: z.string().min(1).max(100) });

/** `/pins`: the IPFS Pinning Service API 1.0.0 (https://ipfs.github.io/pinning-services-api-spec/), for API keys of this node's admins. */
export function addPinsDoor(app: FastifyInstance, { pins, accounts, siteUrl, log }: PinsDoorParameters): void {
  const userOf = async ({ headers: { authorization } }: FastifyRequest): Promise<string> => (await accounts.authenticate(authorization, { access: 'pins:write', role: 'admin' })).userId;
  const statusOf = (pin: HostedPin): object => pinStatus(pin, [...pins.addresses(), delegateOfUrl(siteUrl())].slice(0, MOST_DELEGATES));
  const idOf = ({ params }: FastifyRequest): string => requestSchema.parse(params).requestid;
  void app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    scope.setErrorHandler((error, request, reply) => refuse({ error, request, reply, log }));
    scope.get('/pins', async (request) => {
      const userId = await userOf(request);
      const { cid, ...filter } = filterSchema.parse(request.query);
      const { count, pins: found } = await pins.list(userId, { ...filter, roots: cid?.map((one) => parseCid(one).toV1().toString()) });
      return { count, results: found.map(statusOf) };
    });
    scope.post('/pins', async (request, reply) => {
      const userId = await userOf(request);
      return reply.code(202).send(statusOf(await pins.add(userId, inputOf(request.body))));
    });
    scope.get('/pins/:requestid', async (request) => statusOf(await pins.get(await userOf(request), idOf(request))));
    scope.post('/pins/:requestid', async (request, reply) => {
      const userId = await userOf(request);
      return reply.code(202).send(statusOf(await pins.replace(userId, idOf(request), inputOf(request.body))));
    });
    scope.delete('/pins/:requestid', async (request, reply) => {
      await pins.remove(await userOf(request), idOf(request));
      return reply.code(202).send();
    });
  });
}

function inputOf(body: unknown): Parameters<HostedPins['add']>[1] {
  const { cid, name, origins, meta } = pinSchema.parse(body);
  return { cid, name: name ?? undefined, origins: [...new Set(origins)], meta: meta ?? undefined };
}

function pinStatus(pin: HostedPin, delegates: string[]): object {
  const { requestId: requestid, status, created, cid, name, origins, meta, why, bytes } = pin;
  const info = { ...(why === null ? {} : { status_details: why }), ...(bytes === null ? {} : { dag_size: String(bytes) }) };
  return { requestid, status, created: new Date(created).toISOString(), pin: { cid, ...(name === null ? {} : { name }), origins, meta }, delegates, info };
}

const reasons: Record<string, string> = { BAD_INPUT: 'BAD_REQUEST', UNAUTHENTICATED: 'UNAUTHORIZED', INTERNAL: 'INTERNAL_SERVER_ERROR' };

/** Failures have a shape of their own on this wire. */
function refuse({ error, request, reply, log }: { error: unknown; request: FastifyRequest; reply: FastifyReply; log: Log }): FastifyReply {
  const problem = toProblem(error, request.id);
  logProblem({ problem, error, request, log });
  const { code, status, title, detail, remedy, retryAfter } = problem;
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply.code(status).send({ error: { reason: reasons[code] ?? code, details: [title, detail, remedy].filter(Boolean).join(' ') } });
}
