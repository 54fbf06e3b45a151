import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AssetDto, AssetSummary, Config } from '@neurodata/protocol';
import { createApi } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../db/openDatabase.ts';
import { openTestDatabase } from '../../db/openTestDatabase.ts';
import { createIndexer } from '../../indexer/createIndexer.ts';
import { generateChain } from '../../indexer/testing/generateChain.ts';
import { log, serveApi, until } from '../testing.ts';
import type { ServedApi } from '../testing.ts';
import { createUserClient } from '../userClient.ts';
import { schemaFile, schemaText } from './printSchema.ts';

/** Over rows that the indexer made from a generated chain. */

let db: Database;
let served: ServedApi;
let config: Config;
const people = createUserClient(() => served);

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const chain = generateChain({ seed: 5 });
  chain.grow(100, 12);
  const indexer = createIndexer({ db, publicClient: chain.publicClient, deployment: chain.deployment, log, pollMs: 5, readDocument: () => Promise.reject(new Error('nobody has it')), onChange: () => undefined });
  await indexer.start();
  await until(async () => indexer.caughtUp() || undefined);
  await indexer.stop();
  config = {
    version: '0.1.0', deployment: chain.deployment, rpcUrl: '/rpc', demo: true, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n, windows: { grant: 600, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
  };
  served = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient: chain.publicClient, config }, db });
});
afterAll(async () => {
  await served.close();
  await db.close();
});

type Answer = { data?: Record<string, never> | null; errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[] };
async function ask(query: string, options: { variables?: object; headers?: Record<string, string> } = {}): Promise<Answer & { status: number }> {
  const response = await fetch(`${served.api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...options.headers }, body: JSON.stringify({ query, variables: options.variables }) });
  return { status: response.status, ...((await response.json()) as Answer) };
}
const codes = ({ errors }: Answer): unknown[] => (errors ?? []).map(({ extensions }) => extensions['code']);

const assetPage = `query Page($first: Int, $after: String) { assets(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes {
  assetId kind title status downloadPrice orders owner { address } curation { status bond } texts { description columnList { name } } ratings { count sum } sampleAssetId sampleOf { title }
  versions { version status manifestCid round { roundId verdict committee { validatorId reward } } } listings { listingId price seller asset { assetId } } lineage { title asset { title } } derived { assetId }
  reviews(first: 3) { nodes { rating asset { title } } pageInfo { endCursor } } activity { event at gasUsed } } } }`;

async function countStatements<T>(work: () => Promise<T>): Promise<{ statements: number; value: T }> {
  let statements = 0;
  const { query } = db.pool;
  // drizzle asks the pool itself.
  db.pool.query = ((...words: Parameters<typeof query>) => {
    statements += 1;
    return query.apply(db.pool, words);
  }) as typeof query;
  try {
    const value = await work();
    return { value, statements };
  } finally {
    db.pool.query = query;
  }
}

test('a page of assets takes as many statements for twenty as for two, and the pages go on where REST does', async () => {
  const few = await countStatements(() => ask(assetPage, { variables: { first: 2 } }));
  const many = await countStatements(() => ask(assetPage, { variables: { first: 20 } }));
  expect(few.value.errors).toBeUndefined();
  const page = many.value.data!['assets'] as unknown as { nodes: AssetDto[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  expect(page.nodes).toHaveLength(20);
  expect(few.statements).toBeGreaterThan(5);
  expect(many.statements).toBeLessThanOrEqual(few.statements);
  expect(many.statements).toBeLessThan(30);
  const rest = await createApi({ url: served.api.url }).listAssets({ limit: 20 });
  expect([page.nodes.map(({ assetId }) => assetId), page.pageInfo]).toEqual([rest.items.map(({ assetId }) => assetId), { hasNextPage: rest.next !== undefined, endCursor: String(rest.next) }]);
  const next = (await ask('query ($after: String) { assets(first: 1, after: $after) { nodes { assetId } } }', { variables: { after: page.pageInfo.endCursor } })).data!['assets'] as unknown as { nodes: AssetSummary[] };
  expect(next.nodes[0]!.assetId).toBe((await createApi({ url: served.api.url }).listAssets({ limit: 1, cursor: rest.next! })).items[0]!.assetId);
});

test('an asset says what REST says of it, part by part', async () => {
  const api = createApi({ url: served.api.url });
  const assetId = (await api.listReviews({ limit: 1 })).items[0]!.assetId;
  const rest = (await (await fetch(`${served.api.url}/api/v1/assets/${assetId}`)).json()) as AssetDto;
  const { data, errors } = await ask(`query ($assetId: Whole!) { asset(assetId: $assetId) { assetId kind title status publishedAt orders downloadPrice curation { status bond } ratings { count sum } texts { description }
    versions { version status block at manifestCid committee threshold round { roundId verdict settled committee { validatorId committed verdict reward } } } listings { listingId price seller kind token retired } activity { event block transaction } owner { address } } }`, { variables: { assetId } });
  expect(errors).toBeUndefined();
  const { owner, texts, ...found } = data!['asset'] as unknown as AssetDto & { owner: { address: string }; texts: object };
  expect([owner.address, texts]).toEqual([rest.owner, { description: rest.description }]);
  expect(rest).toMatchObject(found);
  expect(rest.activity.length).toBe(found.activity.length);
  const reviews = (await ask('query ($assetId: Whole!) { asset(assetId: $assetId) { reviews(first: 2) { nodes { orderId rating reviewer } pageInfo { endCursor hasNextPage } } } }', { variables: { assetId } })).data!['asset'] as unknown as { reviews: { nodes: object[]; pageInfo: object } };
  const restReviews = await api.listReviews({ assetId, limit: 2 });
  expect(restReviews.items).toMatchObject(reviews.reviews.nodes);
  expect(reviews.reviews.pageInfo).toEqual({ hasNextPage: restReviews.next !== undefined, endCursor: restReviews.next === undefined ? null : String(restReviews.next) });
});

test('every list and every single thing that REST shows is there', async () => {
  const lists = ['orders', 'jobs', 'subscriptions', 'validators', 'workers', 'deals', 'disputes', 'jurors', 'reviews', 'proposals', 'stakes', 'delegations', 'pools'];
  const { data, errors } = await ask(`{ ${lists.map((name) => `${name} { nodes { __typename } pageInfo { hasNextPage } }`).join(' ')} stats { assets orders volume } config { feeBps deployment { addresses { market } } } }`);
  expect(errors).toBeUndefined();
  for (const name of lists) expect([name, data![name]]).toEqual([name, { nodes: expect.any(Array), pageInfo: { hasNextPage: expect.any(Boolean) } }]);
  expect(data!['stats']).toMatchObject({ assets: expect.any(Number), volume: expect.stringMatching(/^\d+$/) });
  const order = (await createApi({ url: served.api.url }).listOrders({ limit: 1 })).items[0]!;
  const linked = await ask(`{ order(orderId: "${order.orderId}") { state price turn grants { validatorId } asset { title } buyer { address purchases(first: 100) { nodes { orderId } } } } }`);
  expect(linked.data!['order']).toMatchObject({ state: order.state, price: order.price.toString(), asset: { title: order.assetTitle }, buyer: { address: order.buyer, purchases: { nodes: expect.arrayContaining([{ orderId: order.orderId }]) } } });
});

test('whoever is signed in sees themselves; a key sees what its scopes allow, others nothing', async () => {
  expect(codes(await ask('{ me { email } }'))).toEqual(['UNAUTHENTICATED']);
  const signedIn = await people.signUp('graph@example.org');
  const as = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });
  expect((await ask('{ me { email roles sessions { current } activity { action } } }', as(signedIn.access))).data!['me']).toMatchObject({ email: 'graph@example.org', roles: ['user'], sessions: [{ current: true }] });
  const { key } = await people.makeKey(signedIn, { scopes: ['profile:read'] });
  expect((await ask('{ me { email } }', as(key))).data!['me']).toEqual({ email: 'graph@example.org' });
  expect(codes(await ask('{ me { email sessions { current } } }', as(key)))).toEqual(['FORBIDDEN']);
  expect(codes(await ask('{ me { email activity { action } } }', as(key)))).toEqual(['FORBIDDEN']);
});

test('errors carry the codes and remedies of REST, and nothing of the inside', async () => {
  const missing = await ask('{ asset(assetId: 999999) { title } stats { assets } }');
  expect(missing.errors).toMatchObject([{ message: 'There is no asset 999999.', path: ['asset'], extensions: { code: 'NOT_FOUND', status: 404, remedy: expect.stringContaining('Check the number') } }]);
  expect(missing.data!['stats']).toBeTruthy();
  expect(codes(await ask('{ assets(first: 1000) { nodes { title } } }'))).toEqual(['BAD_INPUT']);
  expect(codes(await ask('{ assets(after: "yesterday") { nodes { title } } }'))).toEqual(['BAD_INPUT']);
  for (const document of ['{ nothing }', '{ assets {', 'mutation { buy }', '{ person(address: "0x12") { address } }', '{ order(orderId: "7") { state } }']) expect([document, codes(await ask(document))]).toEqual([document, ['BAD_INPUT']]);
  const broken = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient: {} as never, config }, db });
  const response = await fetch(`${broken.api.url}/graphql?query=${encodeURIComponent(`{ person(address: "0x${'ab'.repeat(20)}") { account { balance } } }`)}`);
  const { errors } = (await response.json()) as Answer;
  await broken.close();
  expect(errors).toMatchObject([{ message: 'Something went wrong inside the node.', extensions: { code: 'INTERNAL', requestId: response.headers.get('x-request-id') } }]);
  expect(JSON.stringify(errors)).not.toMatch(/stack|TypeError|undefined/);
});

test('what would cost too much is refused before it is looked up', async () => {
  const deep = '{ assets { nodes { listings { asset { listings { asset { listings { asset { listings { asset { title } } } } } } } } } } }';
  const wide = '{ assets(first: 100) { nodes { activity { event at } versions { round { committee { validatorId reward fault account verdict } } } reviews(first: 100) { nodes { rating asset { reviews(first: 100) { nodes { rating } } } } } } } }';
  const aliases = `{ ${Array.from({ length: 31 }, (_, index) => `a${index}: stats { assets }`).join(' ')} }`;
  const tokens = `{ stats { ${'assets '.repeat(2_000)} } }`;
  const circle = '{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';
  const before = await countStatements(async () => {
    for (const document of [deep, wide, aliases, tokens, circle]) {
      const { errors } = await ask(document);
      expect([document.slice(0, 60), [...new Set(codes({ errors: errors! }))]]).toEqual([document.slice(0, 60), ['BAD_INPUT']]);
    }
  });
  expect(before.statements).toBe(0);
  expect((await ask(`{ stats { assets } } #${'x'.repeat(40_000)}`)).status).toBe(413);
  const batch = await fetch(`${served.api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ query: '{ stats { assets } }' }, { query: '{ stats { assets } }' }]) });
  expect(batch.status).toBe(400);
  // What tools ask for to learn the schema is allowed: the schema is no secret.
  expect((await ask('{ __schema { queryType { name } types { name fields { name type { name ofType { name } } } } } }')).errors).toBeUndefined();
});

test('only queries by GET, no page of its own, and no writing from other sites', async () => {
  const url = `${served.api.url}/graphql?query=${encodeURIComponent('{ stats { assets } }')}`;
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url, { headers: { accept: 'text/html' } })).headers.get('content-type')).not.toContain('html');
  expect((await fetch(`${served.api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' }, body: '{"query":"{ stats { assets } }"}' })).status).toBe(403);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) expect((await fetch(`${served.api.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body: '{"query":"{ stats { assets } }"}' })).status).toBeGreaterThanOrEqual(400);
});

test('live changes come as they happen, those that were asked for, and end with the reader', async () => {
  const reader = new AbortController();
  const response = await fetch(`${served.api.url}/graphql`, {
    method: 'POST', signal: reader.signal, headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, body: JSON.stringify({ query: 'subscription { changes(topics: ["asset:7"]) { block topics } }' }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const stream = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await sleep(50);
  served.changes.publish({ block: 1, topics: ['asset:8'] });
  served.changes.publish({ block: 2, topics: ['head', 'asset:7'] });
  let text = '';
  while (!text.includes('"block":2')) text += (await stream.read()).value ?? '';
  expect(text).not.toContain('"block":1');
  expect(text).toContain('"topics":["head","asset:7"]');
  reader.abort();
});

test('the printed schema is the one that is served', async () => {
  // Otherwise: node apps/node/src/api/graphql/printSchema.ts
  expect(await readFile(schemaFile, 'utf8')).toBe(schemaText());
});
