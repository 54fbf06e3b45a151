import { aliases, httpStatusByCode, relayRoutes, routes } from '@neurodata/protocol';
import type { Route } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import * as fc from 'fast-check';
import { parseUnits } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { users } from '../db/schema.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import { createWorld } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { createUserClient } from './userClient.ts';

/** Any request that the description allows, and many that it does not: never a mistake of the node, always an answer of the form that is told. */

let world: World;
let db: Database;
let served: ServedApi;
let access: string;
let description: { paths: Record<string, Record<string, Operation>> };

type Schema = { type?: string | string[]; enum?: unknown[]; const?: unknown; anyOf?: Schema[]; oneOf?: Schema[]; pattern?: string; format?: string; minLength?: number; maxLength?: number; minimum?: number; maximum?: number; exclusiveMinimum?: number; items?: Schema; minItems?: number; maxItems?: number; properties?: Record<string, Schema>; required?: string[] };
type Operation = { operationId: string; parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema }[]; requestBody?: { content: { 'application/json': { schema: Schema } } } };

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const { publish, decide, list, buy, grant, openJob } = world;
  const { assetId, roundId } = await publish('Palmer penguins');
  await decide(roundId);
  await grant(await buy(await list(assetId, { kind: 'download', price: parseUnits('25', 18) }), 'a'));
  await openJob(await list(assetId, { kind: 'compute', price: parseUnits('3', 18) }), 'job');
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => (indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  served = await serveApi({ chain: world, db, users: { limitFactor: 100_000 }, extra: { demo: { accounts: [], fund: async () => ({ transaction: `0x${'22'.repeat(32)}`, amount: 1n }) } } });
  const me = await signUp();
  // Every role: behind the doors is more that could break.
  await db.orm.update(users).set({ roles: ['user', 'curator', 'support', 'admin'] }).where(eq(users.userId, me.user.userId));
  access = me.access;
  description = (await (await fetch(`${served.api.url}/openapi.json`)).json()) as typeof description;
}, 120_000);
afterAll(async () => {
  await served.close();
  await db.close();
  await world.stop();
});

const { signUp } = createUserClient(() => served);

const nastyTexts = ['', ' ', '\0', 'a\0b', '\ud800', '💥', 'ﷺ'.repeat(50), "'; DROP TABLE assets; --", '../../etc/passwd', '%', '{"$ne":1}', '__proto__', 'NaN', '-1', '1e309', '9007199254740993', '0x', 'x'.repeat(5_000)];
const nastyNumbers = [-1, 0, -0, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE];
const junk = fc.oneof(fc.constantFrom<unknown>(...nastyTexts, ...nastyNumbers, null, true, [], {}, [[[]]], { toString: 1 }), fc.jsonValue({ maxDepth: 3 }));
const known = () => fc.constantFrom(world.accounts.buyer, world.accounts.publisher, `0x${'77'.repeat(32)}`, '1', '2');

/** Values that a schema describes, as far as it says it. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map(fitting));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'string') return textOf(schema);
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer({ min: Math.ceil(Math.max(schema.minimum ?? schema.exclusiveMinimum ?? -100, -(2 ** 31))), max: Math.max(Math.floor(Math.min(schema.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1)), 0) }), fc.constantFrom(...nastyNumbers));
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array') return fc.array(fitting(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
  if (type === 'object' && schema.properties) return fc.record(Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, fc.oneof({ weight: 12, arbitrary: fitting(inner) }, { weight: 1, arbitrary: junk })])), { requiredKeys: schema.required ?? [] });
  return junk;
}

function textOf({ pattern, format, minLength = 0, maxLength = 30 }: Schema): fc.Arbitrary<unknown> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.emailAddress();
  if (pattern !== undefined) return fc.oneof({ weight: 3, arbitrary: fc.stringMatching(new RegExp(pattern)) }, { weight: 1, arbitrary: known() });
  return fc.oneof(fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 300)) }), fc.constantFrom(...nastyTexts));
}

const often = (schema: Schema): fc.Arbitrary<unknown> => fc.oneof({ weight: 4, arbitrary: fitting(schema) }, { weight: 1, arbitrary: junk });

/** As text of an URL; halves of surrogate pairs have none, and stand for bytes that are no UTF-8. */
function encoded(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return (text.isWellFormed() ? encodeURIComponent(text) : '%ff%fe').slice(0, 2_000) || '~';
}

type Sent = { url: string; body: string | undefined; key: string | undefined };

function requestsOf(path: string, operation: Operation): fc.Arbitrary<Sent> {
  const body = operation.requestBody?.content['application/json'].schema;
  return fc.record({
    fields: fc.record(Object.fromEntries(operation.parameters.filter((one) => one.in !== 'header').map((one) => [`${one.in} ${one.name}`, one.in === 'path' ? fc.oneof(often(one.schema), known()) : fc.option(often(one.schema), { nil: undefined })]))),
    body: body ? fc.oneof({ weight: 9, arbitrary: often(body).map((value) => JSON.stringify(value)) }, { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', 'null', `"${'x'.repeat(300_000)}"`, '{"__proto__":{"a":1}}') }) : fc.constant(undefined),
    key: fc.option(fc.constantFrom('one', 'two', ' ', 'ü', 'x'.repeat(300)), { nil: undefined, freq: 6 }),
  }).map(({ fields, ...rest }) => {
    const query = Object.entries(fields).filter(([name, value]) => name.startsWith('query ') && value !== undefined).map(([name, value]) => `${name.slice(6)}=${encoded(value)}`).join('&');
    return { ...rest, url: `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded((fields as Record<string, unknown>)[`path ${name}`]))}${query ? `?${query}` : ''}` };
  });
}

const problemSchema = z.object({ type: z.literal('about:blank'), title: z.string().min(1), status: z.int(), code: z.enum(Object.keys(httpStatusByCode) as [keyof typeof httpStatusByCode]), requestId: z.string() });

async function check(name: string, method: string, { url, body, key }: Sent): Promise<void> {
  const route: Route = routes[name as keyof typeof routes];
  const response = await fetch(`${served.api.url}${url}`, {
    method, headers: { authorization: `Bearer ${access}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(key === undefined ? {} : { 'idempotency-key': Buffer.from(key).toString('latin1') }) }, ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const told = [method, url, body?.slice(0, 300), response.status, text.slice(0, 300)];
  const value: unknown = JSON.parse(text);
  if (response.ok) return void expect([...told, z.safeDecode(route.response, value as never).error?.message]).toEqual([...told, undefined]);
  // A validator that does not answer is no mistake of the node that asks it.
  const elsewhere = name in relayRoutes && (response.status === httpStatusByCode.UNREACHABLE || response.status === httpStatusByCode.TIMEOUT);
  expect([...told, response.status < 500 || elsewhere, response.headers.get('content-type')]).toEqual([...told, true, expect.stringMatching(/^application\/problem\+json/)]);
  const problem = problemSchema.parse(value);
  expect([told, httpStatusByCode[problem.code]]).toEqual([told, response.status]);
}

const places = [...Object.entries<Route>(routes).map(([name, { method, path }]) => ({ name, method, path })), ...aliases.map(({ of, path }) => ({ name: of, method: (routes[of] as Route).method, path }))];
/** They end the session that all the others use. */
const last = new Set(['deleteUser', 'endOtherSessions', 'setRoles']);
const runs = Number(process.env['NEURODATA_PROPERTY_RUNS'] ?? 12);

test.each(places.filter(({ name }) => !last.has(name)))('$method $path', async ({ name, method, path }) => {
  const operation = description.paths[path]![method.toLowerCase()]!;
  await fc.assert(fc.asyncProperty(requestsOf(path, operation), (sent) => check(name, method, sent)), { numRuns: operation.parameters.some((one) => one.in !== 'header') || operation.requestBody ? runs : 2, endOnFailure: true });
}, 60_000);

/** What was found once. */
test.each([['getSeries', '/api/v1/stats/series?metric=spending&interval=week&to=16'], ['getOrder', `/api/v1/orders/${'x'.repeat(300)}`], ['listAudit', '/api/v1/admin/audit?action=%00'], ['getAsset', '/api/v1/assets/%ff'], ['getAsset', '/api/v1/assets/%']])('%s: %s', (name, url) => check(name, 'GET', { url, body: undefined, key: undefined }));

test('a text of a megabyte is refused, wherever it stands', async () => {
  const text = 'x'.repeat(1_000_000);
  const places: [string, RequestInit][] = [
    ['/api/v1/auth/password/forgot', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: text }) }],
    ['/api/v1/auth/password/forgot', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text }],
  ];
  for (const [path, init] of places) expect([413, 400]).toContain((await fetch(`${served.api.url}${path}`, init)).status);
});
