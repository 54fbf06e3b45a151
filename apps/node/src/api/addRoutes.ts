import { NeuroError, aliases, httpStatusByCode, routes } from '@neurodata/protocol';
import type { Alias, ErrorCode, Readiness, Route, RouteName, Stats } from '@neurodata/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../accounts/index.ts';
import type { Log } from '../common/logger.ts';
import { cacheControlOf, sendTagged, tagged } from './conditional.ts';
import type { HeldAnswers } from './createHeldAnswers.ts';
import type { Answer, Idempotency } from './createIdempotency.ts';
import type { RateLimits } from './createRateLimits.ts';
import { doorOf } from './doorOf.ts';
import type { Handler, HandlerContext } from './handlers/Handler.ts';
import { handlers } from './handlers/index.ts';
import { idempotencyKeyOf, stableText } from './idempotencyKeyOf.ts';
import { logProblem, problemType, toProblem } from './problem.ts';

export type AddRoutesParameters = { context: HandlerContext; idempotency: Idempotency; held: HeldAnswers; rates: RateLimits; log: Log };
type RouteDeps = AddRoutesParameters & { noteIndexed: (block: number) => void };

/** Serves the route table. */
export function addRoutes(app: FastifyInstance, parameters: AddRoutesParameters): void {
  let indexed = 0;
  // Whoever is told that a block is indexed reads nothing older afterwards, even before the indexer announces it.
  const noteIndexed = (block: number): void => {
    if (block !== indexed) parameters.held.drop();
    indexed = block;
  };
  for (const name of Object.keys(routes) as RouteName[]) serveRoute(app, { ...parameters, noteIndexed }, name);
}

type Fields = Record<string, unknown>;
/** What a request says, under whatever path it came. */
type Said = { params: unknown; query: unknown; body: unknown };
/** A request that was let in and understood. */
type Asked = Said & { principal: Principal | undefined };
type Place = Pick<Alias, 'path' | 'query' | 'inBody' | 'expect'>;

function serveRoute<K extends RouteName>(app: FastifyInstance, deps: RouteDeps, name: K): void {
  const { context, held, noteIndexed } = deps;
  const route: Route = routes[name];
  // One type per route; the loop over all of them forgets which.
  const handler = handlers[name] as unknown as (context: HandlerContext, request: unknown) => ReturnType<Handler<K>>;
  const cacheControl = cacheControlOf(route);
  const isHeld = route.method === 'GET' && route.access === undefined && route.cache === undefined;

  const letIn = async (said: Said, request: FastifyRequest, reply: FastifyReply): Promise<Asked> => {
    const principal = route.access === undefined ? undefined : await context.accounts.authenticate(request.headers.authorization, route);
    if (principal) deps.rates.count(reply, principal.keyId === undefined ? 'account' : 'key', principal.keyId ?? principal.userId);
    refuseNul(said);
    return { principal, params: route.params?.parse(said.params), query: route.query?.parse(said.query), body: route.body?.parse(said.body) };
  };
  const doIt = async (asked: Asked, request: FastifyRequest, reply: FastifyReply): Promise<Answer> => {
    const value = await handler(context, { ...asked, door: doorOf(request, reply, context.accounts) }).finally(() => {
      if (route.method !== 'GET' && !route.quiet) held.drop();
    });
    if (name === 'getStats') noteIndexed((value as Stats).indexed);
    return { status: statusOf(name, value), body: JSON.stringify(encodeResponse(name, route, value)) };
  };
  const read = async (said: Said, place: Place, request: FastifyRequest, reply: FastifyReply): Promise<Answer> => expected(place, await doIt(await letIn(said, request, reply), request, reply));
  const change = async (said: Said, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = await letIn(said, request, reply);
    const key = idempotencyKeyOf(request, route);
    if (key === undefined) return sendAnswer(reply, await doIt(asked, request, reply));
    return answerOnce(deps, { name, said, request, reply, principal: asked.principal, key, work: () => doIt(asked, request, reply) });
  };
  const answer = async (mayHold: boolean, place: Place, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const said = saidAt(place, request);
    if (route.method !== 'GET') return change(said, request, reply);
    if (mayHold) return sendTagged(request, reply, await held.read(request.url, async () => tagged((await read(said, place, request, reply)).body)));
    return sendRead(request, reply, await read(said, place, request, reply));
  };
  const places: Place[] = [{ path: route.path }, ...aliases.filter((alias) => alias.of === name)];
  for (const place of places) {
    app.route({
      method: route.method,
      url: place.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => {
        reply.header('cache-control', cacheControl);
        const mayHold = isHeld && !wantsFresh(request);
        const known = mayHold ? held.peek(request.url) : undefined;
        return known ? sendTagged(request, reply, known) : answer(mayHold, place, request, reply);
      },
    });
  }
}

/** No database keeps or compares it, and nobody types it. */
function refuseNul({ params, query }: Said): void {
  for (const value of [...Object.values(params ?? {}), ...Object.values(query ?? {})]) {
    if (typeof value === 'string' && value.includes('\0')) throw new NeuroError('An address may hold no NUL character.', { code: 'BAD_INPUT', remedy: 'Leave it out.' });
  }
}

/** What a request at another path of the route would have said at the route's own. */
function saidAt({ query, inBody }: Place, request: FastifyRequest): Said {
  const params = request.params as Fields;
  return {
    params, query: query ? { ...(request.query as Fields), ...query } : request.query,
    body: inBody ? { ...(request.body as Fields | null), ...Object.fromEntries(inBody.map((field) => [field, params[field]])) } : request.body,
  };
}

/** The answer, where it is what the path is about. */
function expected({ expect }: Place, answer: Answer): Answer {
  if (!expect) return answer;
  const value = JSON.parse(answer.body) as Fields;
  for (const [field, wanted] of Object.entries(expect)) if (value[field] !== wanted) throw new NeuroError(`There is no such ${wanted}.`, { code: 'NOT_FOUND', remedy: `It is a ${String(value[field])}.` });
  return answer;
}

/** Codes of handlers that did nothing: the same key may try again. */
const undone = new Set<ErrorCode>(['RATE_LIMITED', 'NOT_READY', 'SECOND_FACTOR']);

async function answerOnce(deps: RouteDeps, parameters: { name: string; said: Said; request: FastifyRequest; reply: FastifyReply; principal: Principal | undefined; key: string; work: () => Promise<Answer> }): Promise<FastifyReply> {
  const { name, said, request, reply, principal, key, work } = parameters;
  const { replayed, ...answer } = await deps.idempotency.run({
    caller: callerOf(request, principal), userId: principal?.userId, key, request: stableText([name, said.params, said.query, said.body ?? null]),
    work: async () => {
      try {
        return await work();
      } catch (error) {
        const problem = toProblem(error, request.id);
        if (undone.has(problem.code)) throw error;
        logProblem({ problem, error, request, log: deps.log });
        return { status: problem.status, body: JSON.stringify(problem) };
      }
    },
  });
  if (replayed) reply.header('idempotency-replayed', 'true');
  return sendAnswer(reply, answer, answer.status >= 400 ? problemType : undefined);
}

/** A caller that does not want what is held says so. */
function wantsFresh(request: FastifyRequest): boolean {
  const header = request.headers['cache-control'];
  return header !== undefined && /\bno-cache\b|\bno-store\b/i.test(header);
}

function sendRead(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  return answer.status === 200 ? sendTagged(request, reply, tagged(answer.body)) : sendAnswer(reply, answer);
}

function callerOf(request: FastifyRequest, principal: Principal | undefined): string {
  if (principal?.keyId !== undefined) return `key ${principal.keyId}`;
  return principal ? `user ${principal.userId}` : `address ${request.ip}`;
}

function sendAnswer(reply: FastifyReply, { status, body }: Answer, type = 'application/json; charset=utf-8'): FastifyReply {
  return reply.code(status).type(type).send(body);
}

const statusOf = (name: string, value: unknown): number => (name === 'getReadiness' && !(value as Readiness).ready ? httpStatusByCode.NOT_READY : 200);

/** A document that does not fit its own schema is this node's mistake, not the caller's. */
function encodeResponse(name: string, route: Route, value: unknown): unknown {
  const encoded = z.safeEncode(route.response, value);
  if (!encoded.success) throw new NeuroError(`The answer of ${name} does not fit its schema: ${z.prettifyError(encoded.error)}`, { code: 'INTERNAL' });
  return encoded.data;
}
