import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { NeuroError } from '@neurodata/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Changes } from '../../common/changes.ts';
import type { Log } from '../../common/logger.ts';
import type { HandlerContext } from '../handlers/Handler.ts';
import { toProblem } from '../problem.ts';
import type { GraphqlContext } from './createBuilder.ts';
import { createGraphqlSchema } from './createGraphqlSchema.ts';
import { documentLimits } from './documentLimits.ts';

/** A document with its variables; longer ones are not read. */
const mostBytes = 32 * 1024;
const mostStreams = 200;

export type GraphqlDoorParameters = { context: HandlerContext; changes: Pick<Changes, 'subscribe'>; log: Log };
type ServerContext = { asked: FastifyRequest; deps: GraphqlDoorParameters };

/**
 * `/graphql` over the same handlers as REST: queries by GET or POST, live changes as server-sent events. It has no mutations:
 * what moves something is a prepared call or a route. Returns the function that ends all streams.
 */
export function addGraphqlDoor(app: FastifyInstance, parameters: GraphqlDoorParameters): () => void {
  const yoga = createYoga<ServerContext, GraphqlContext>({
    schema: createGraphqlSchema(), graphqlEndpoint: '/graphql', graphiql: false, landingPage: false, cors: false, batching: false, multipart: false, logging: false, maxRequestBodySize: mostBytes,
    context: ({ asked: { headers }, deps: { context, changes } }) => ({ deps: context, changes, answers: new Map(), authenticate: (route) => context.accounts.authenticate(headers.authorization, route) }),
    maskedErrors: { maskError: (error) => toGraphqlError(error) },
    plugins: [documentLimits],
  });
  const open = new Set<AbortController>();
  const requestId = new AsyncLocalStorage<string>();

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const abort = new AbortController();
    const streams = (request.headers.accept ?? '').includes('text/event-stream');
    if (streams && open.size >= mostStreams) throw new NeuroError('Too many pages listen to this node.', { code: 'RATE_LIMITED', remedy: 'Close some of them.', retryable: true });
    if (streams) open.add(abort);
    const leave = (): void => {
      open.delete(abort);
      abort.abort();
    };
    reply.raw.on('close', leave);
    const { accept = 'application/json', 'content-type': type } = request.headers;
    const response = await requestId.run(request.id, async () => yoga.fetch(new URL(request.url, 'http://node'), {
      method: request.method, headers: { accept, ...(type ? { 'content-type': type } : {}) }, signal: abort.signal, ...(typeof request.body === 'string' ? { body: request.body } : {}),
    }, { asked: request, deps: parameters }));
    reply.code(response.status).header('cache-control', 'no-store').type(response.headers.get('content-type') ?? 'application/json');
    if (!streams || !response.body) return reply.send(await response.text());
    return reply.header('x-accel-buffering', 'no').send(Readable.from(response.body as AsyncIterable<Uint8Array>));
  };
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: mostBytes }, (_request, body, done) => done(null, body));
    scope.route({ method: ['GET', 'POST'], url: '/graphql', handler: answer });
  });
  return () => {
    for (const abort of open) abort.abort();
  };

  /** The same codes, sentences and remedies as REST's problems; of an unexpected error nothing but where to look. */
  function toGraphqlError(error: unknown): GraphQLError {
    const given = error instanceof GraphQLError ? error : undefined;
    const cause = given?.originalError ?? error;
    // What graphql itself says of a document: its syntax, fields that do not exist, limits.
    if (given && (!given.originalError || given.originalError instanceof GraphQLError)) return new GraphQLError(given.message, { ...placeOf(given), extensions: { ...given.extensions, code: 'BAD_INPUT', status: 400 } });
    const id = requestId.getStore() ?? '';
    const { title, code, status, detail, remedy } = toProblem(cause, id);
    if (code === 'INTERNAL') parameters.log.error({ id, path: given?.path?.join('.'), error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }, 'a GraphQL field failed');
    return new GraphQLError(title, { ...placeOf(given), extensions: { code, status, ...(remedy ? { remedy } : {}), ...(detail ? { detail } : {}), requestId: id } });
  }
}

function placeOf(error: GraphQLError | undefined) {
  return { nodes: error?.nodes ?? null, source: error?.source ?? null, positions: error?.positions ?? null, path: error?.path ?? null };
}
