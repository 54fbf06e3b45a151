import { addressSchema, aliases, hex32Schema, hexSchema, httpStatusByCode, resourceOf, routes } from '@neurodata/protocol';
import type { Alias, ErrorCode, Route } from '@neurodata/protocol';
import { z } from 'zod';
import { cacheControlOf } from './conditional.ts';

const patterns = new Map<z.core.$ZodType, string>([
  [hexSchema, '^0x([0-9a-fA-F]{2})*$'],
  [hex32Schema, '^0x[0-9a-fA-F]{64}$'],
  [addressSchema, '^0x[0-9a-fA-F]{40}$'],
]);

type JsonSchema = Record<string, unknown> & { properties?: Record<string, unknown>; required?: string[] };

/** A schema as JSON Schema 2020-12, in its form on the wire. */
function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const pattern = patterns.get(zodSchema);
      if (pattern) Object.assign(jsonSchema, { type: 'string', pattern });
    },
  });
  return json;
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): unknown[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema);
  return Object.entries(properties).map(([name, inner]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: inner }));
}

const header = (description: string, schema: object = { type: 'string' }): object => ({ description, schema });
const requestId = { 'x-request-id': header("The request's id: the caller's own, or one that the node made") };
const limitHeaders = { RateLimit: header('What is left of each limit, and seconds until it is whole again'), 'RateLimit-Policy': header('Limits that hold: requests and seconds') };

const headerParameters = {
  idempotency: { name: 'Idempotency-Key', in: 'header', required: false, description: 'Sent again with the same key, the request takes effect once, and the first answer comes again. 24 hours', schema: { type: 'string', pattern: '^"?[\\x21\\x23-\\x7e]{1,200}"?$' } },
  known: { name: 'If-None-Match', in: 'header', required: false, description: 'ETags of answers that the caller has', schema: { type: 'string' } },
};

/** Codes that a route may refuse with before its handler is asked, and the commonest of handlers; any other comes as `default`. */
function codesOf(route: Route): ErrorCode[] {
  const changes = route.method !== 'GET';
  return [
    ...(route.params || route.query || route.body ? ['BAD_INPUT'] as const : []), ...(route.body ? ['TOO_LARGE'] as const : []),
    ...(route.access === undefined ? [] : ['UNAUTHENTICATED', 'FORBIDDEN'] as const), ...(route.proof ? ['PROOF_NEEDED'] as const : []), ...(changes && route.access === undefined ? ['FORBIDDEN'] as const : []),
    ...(route.params ? ['NOT_FOUND'] as const : []), ...(changes && !route.once ? ['IDEMPOTENCY_BUSY', 'IDEMPOTENCY_UNKNOWN', 'IDEMPOTENCY_MISMATCH'] as const : []),
    ...(route.path.startsWith('/api/') ? ['RATE_LIMITED'] as const : []),
  ];
}

function refusalsOf(route: Route): Record<string, unknown> {
  const byStatus = Map.groupBy(codesOf(route), (code) => httpStatusByCode[code]);
  const refused = (description: string, status?: number): unknown => ({
    description, headers: { ...requestId, ...(status === 429 || status === 409 ? { 'Retry-After': header('Seconds', { type: 'integer' }) } : {}) },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  return { ...Object.fromEntries([...byStatus].map(([status, codes]) => [status, refused([...new Set(codes)].join(', '), status)])), default: refused('Refused: `code` says why') };
}

function operationOf(name: string, route: Route): Record<string, unknown> {
  const reads = route.method === 'GET';
  return {
    operationId: name,
    summary: route.summary,
    tags: [resourceOf(route)],
    parameters: [
      ...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'),
      ...(reads ? [headerParameters.known] : route.once ? [] : [headerParameters.idempotency]),
    ],
    ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(route.body) } } } } : {}),
    ...(route.access === undefined ? {} : { security: [{ bearer: [] }], 'x-access': route.access }),
    ...(route.role === undefined ? {} : { 'x-role': route.role }),
    responses: {
      200: {
        description: 'Done', content: { 'application/json': { schema: toJsonSchema(route.response) } },
        headers: {
          ...requestId, ...limitHeaders, 'Cache-Control': header(cacheControlOf(route)),
          ...(reads ? { ETag: header('Names these bytes') } : route.once ? {} : { 'Idempotency-Replayed': header('`true` where this is the first answer again') }),
        },
      },
      ...(reads ? { 304: { description: 'The caller has it', headers: { ...requestId, ETag: header('Names what the caller has') } } } : {}),
      ...refusalsOf(route),
    },
  };
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, code: { type: 'string', enum: Object.keys(httpStatusByCode) }, detail: { type: 'string' }, remedy: { type: 'string', description: 'What to do about it' },
    retryAfter: { type: 'integer', description: 'Seconds' }, requestId: { type: 'string' },
  },
};

type Paths = Record<string, Record<string, unknown>>;

/** Another path of a route: described by reference to its operation, and under the same tag, so that there is one text. */
function addAlias(paths: Paths, alias: Alias, turn: number): void {
  const route: Route = routes[alias.of];
  const operation = operationOf(alias.of, route) as { parameters: { name: string; in: string }[]; requestBody?: unknown };
  const fixed = new Set(Object.keys(alias.query ?? {}));
  (paths[alias.path] ??= {})[route.method.toLowerCase()] = {
    ...operation, operationId: `${alias.of}_${turn}`, summary: `Another name of ${route.path}${alias.query ? ` with ${new URLSearchParams(alias.query).toString()}` : ''}`, 'x-alias-of': alias.of,
    parameters: operation.parameters.filter(({ name, in: place }) => place !== 'query' || !fixed.has(name)),
  };
}

/** The OpenAPI 3.1 description of the route table and its aliases. */
export function describeApi(version: string): unknown {
  const paths: Paths = {};
  for (const [name, route] of Object.entries<Route>(routes)) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(name, route);
  for (const [index, alias] of aliases.entries()) addAlias(paths, alias, index + 1);
  const tags = [...new Set(Object.values<Route>(routes).map(resourceOf))].toSorted().map((name) => ({ name }));
  return {
    openapi: '3.1.0', info: { title: 'NeuroData node', version, license: { name: 'MIT', identifier: 'MIT' } }, tags, paths,
    components: { schemas: { Problem: problem }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The access credential of a session, or an API key' } } },
  };
}
