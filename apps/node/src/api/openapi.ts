import { addressSchema, hex32Schema, hexSchema, routes } from '@neurodata/protocol';
import type { Route } from '@neurodata/protocol';
import { z } from 'zod';

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

function operationOf(name: string, route: Route): unknown {
  return {
    operationId: name,
    summary: route.summary,
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(route.body) } } } } : {}),
    ...(route.access === undefined ? {} : { security: [{ bearer: [] }] }),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: toJsonSchema(route.response) } } },
      default: { description: 'Refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, code: { type: 'string' }, detail: { type: 'string' }, remedy: { type: 'string' }, requestId: { type: 'string' },
  },
};

/** The OpenAPI 3.1 description of the route table. */
export function describeApi(version: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(name, route);
  return { openapi: '3.1.0', info: { title: 'NeuroData node', version }, paths, components: { schemas: { Problem: problem }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The access credential of a session, or an API key' } } } };
}
