import { routes } from '@neurodata/protocol';
import type { Route } from '@neurodata/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { assets, versions } from '../db/schema.ts';
import { isKnown } from './conditional.ts';
import { createHeldAnswers } from './createHeldAnswers.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { createUserClient, password } from './userClient.ts';

/** Entity tags, 304, and what the node holds of public answers. */

const hash = `0x${'11'.repeat(32)}` as const;

let db: Database;
let served: ServedApi;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  await db.orm.insert(assets).values({ assetId: 1, kind: 'dataset', owner: `0x${'ab'.repeat(20)}`, publishedAt: 5 });
  await db.orm.insert(versions).values({ assetId: 1, version: 1, status: 'pending', manifestDigest: hash, contentRoot: hash, contentCommitment: hash, keyCommitment: hash, committee: [1, 2, 3], threshold: 2, validatorsMayRead: true, subject: '0x01', transaction: hash, block: 1, at: 5 });
  await db.pool.query("INSERT INTO cursor (deployment, block, hash, timestamp) VALUES ('x', 1, '0x00', 1)");
  // Held for an hour: only what the tests do can end it.
  served = await serveApi({ chain: noChain, db, extra: { holdMs: 3_600_000, demo: { accounts: [], fund: async () => ({ transaction: hash, amount: 1n }) } } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});
beforeEach(() => served.changes.publish({ block: 0, topics: [] }));

const { send, signUp } = createUserClient(() => served);
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served.api.url}${path}`, { headers });
const statusOf = async (headers: Record<string, string> = {}): Promise<string> => ((await (await get('/api/v1/assets/1', headers)).json()) as { status: string }).status;
const setStatus = (status: string) => db.pool.query('UPDATE versions SET status = $1', [status]);

test('who has an answer is told so, and gets it once it is another', async () => {
  await setStatus('pending');
  const first = await get('/api/v1/assets/1');
  const tag = first.headers.get('etag')!;
  expect([tag, first.headers.get('cache-control')]).toEqual([expect.stringMatching(/^"[\w-]{27}"$/), 'public, no-cache']);
  const again = await get('/api/v1/assets/1', { 'if-none-match': `"other", W/${tag}` });
  expect([again.status, await again.text(), again.headers.get('etag'), again.headers.get('cache-control')]).toEqual([304, '', tag, 'public, no-cache']);
  await setStatus('live');
  served.changes.publish({ block: 2, topics: ['asset:1'] });
  const changed = await get('/api/v1/assets/1', { 'if-none-match': tag });
  expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false]);
  expect((await fetch(`${served.api.url}/api/v1/assets/1`, { method: 'HEAD', headers: { 'if-none-match': changed.headers.get('etag')! } })).status).toBe(304);
});

test('what is held is given until something changes, a write comes, a newer block is told, or the caller wants it fresh', async () => {
  const seen: string[] = [];
  const turn = async (status: string, event: () => unknown, headers: Record<string, string> = {}): Promise<void> => {
    await setStatus(status);
    await event();
    seen.push(await statusOf(headers));
  };
  await setStatus('live');
  await statusOf();
  await turn('pending', () => undefined);
  await turn('pending', () => served.changes.publish({ block: 3, topics: [] }));
  await turn('live', () => send('POST', '/api/v1/demo/faucet', { body: { address: `0x${'cd'.repeat(20)}` } }));
  await turn('pending', () => undefined);
  await turn('revoked', () => undefined, { 'cache-control': 'no-cache' });
  await turn('pending', async () => (await db.pool.query('UPDATE cursor SET block = block + 1'), get('/api/v1/stats')));
  expect(seen).toEqual(['live', 'pending', 'live', 'live', 'revoked', 'pending']);
});

test('nothing that belongs to somebody may be kept by anybody, nor what is secret or only true now', async () => {
  const me = await signUp();
  for (const route of Object.values<Route>(routes).filter(({ method, params }) => method === 'GET' && params === undefined)) {
    const { status, headers } = await send('GET', route.path, { access: me.access });
    const publicly = route.access === undefined && route.cache !== 'never';
    expect([route.path, headers.get('cache-control')]).toEqual([route.path, publicly && status === 200 ? 'public, no-cache' : 'no-store']);
  }
  for (const path of ['/api/v1/assets/99', '/api/v1/assets/zero']) expect((await get(path)).headers.get('cache-control')).toBe('no-store');
  const login = await send('POST', '/api/v1/auth/login', { body: { email: me.email, password } });
  expect([login.headers.get('cache-control'), login.headers.get('etag')]).toEqual(['no-store', null]);
});

test('those who ask at once share one reading; a change in between is not missed', async () => {
  let made = 0;
  const held = createHeldAnswers({ holdMs: 1_000 });
  const gate = Promise.withResolvers<void>();
  const make = async () => {
    made += 1;
    const body = Buffer.from(String(made));
    if (made === 1) await gate.promise;
    return { body, etag: '' };
  };
  const before = [held.read('/a', make), held.read('/a', make)];
  held.drop();
  const after = held.read('/a', make);
  gate.resolve();
  const texts = (await Promise.all([...before, after, held.read('/a', make)])).map(({ body }) => body.toString());
  expect(texts).toEqual(['1', '1', '2', '2']);
  expect((await held.read('/a', make)).body.toString()).toBe('2');
});

test('no answer is held longer than its time, none that failed, and never more than there is room for', async () => {
  let clock = 0;
  const held = createHeldAnswers({ holdMs: 1_000, mostBytes: 100, now: () => clock });
  const make = async () => ({ body: Buffer.alloc(10), etag: '' });
  await held.read('/a', make);
  clock = 999;
  expect(held.peek('/a')).toBeDefined();
  clock = 1_000;
  expect(held.peek('/a')).toBeUndefined();
  await expect(held.read('/b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await held.read('/b', make)).toBeDefined();
  for (let turn = 0; turn < 20; turn += 1) await held.read(`/${turn}`, make);
  expect(Array.from({ length: 20 }, (_, turn) => held.peek(`/${turn}`)).filter(Boolean)).toHaveLength(10);
  await held.read('/large', async () => ({ body: Buffer.alloc(50), etag: '' }));
  expect(held.peek('/large')).toBeUndefined();
});

test.each([[undefined, false], ['*', true], ['"a"', true], ['W/"a"', true], ['"b", "a"', true], ['"ab"', false], ['a', false]])('If-None-Match: %s', (header, known) => {
  expect(isKnown(header, '"a"')).toBe(known);
});
