import { discoveryRoutes } from '@neurodata/protocol';
import type { DiscoveryRouteName, Route, SignedIn } from '@neurodata/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { createShelf, walletOf } from '../indexer/testing/shelf.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient } from './userClient.ts';

/** Every route about finding assets, over HTTP. */

let db: Database;
let served: ServedApi;
const { send, signUp, makeKey } = createUserClient(() => served);

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const shelf = createShelf(db);
  await shelf.publish({ assetId: 1, title: 'Palmer penguins', tags: ['birds'], columns: ['bill', 'species'], rows: 344, price: 25n });
  await shelf.publish({ assetId: 2, title: 'Gentoo penguins', tags: ['birds'], columns: ['bill', 'species'], owner: 'other' });
  await shelf.publish({ assetId: 3, title: 'Weather', tags: ['climate'], license: 'A, or B' });
  for (const who of ['ada', 'bob']) for (const assetId of [1, 2]) await shelf.buy(assetId, who);
  await shelf.buy(1, 'zoe');
  served = await serveApi({ chain: noChain, db });
});
afterAll(async () => {
  await served.close();
  await db.close();
});

type Me = SignedIn & { email: string };
type Case = { path?: (me: Me) => string | Promise<string>; body?: (me: Me) => unknown; role?: 'curator'; expected: () => unknown };
const has = (fields: object) => expect.objectContaining(fields);
const page = (...items: unknown[]) => ({ items });
const about = (assetId: number, more: object = {}) => has({ asset: has({ assetId }), ...more });
const done = () => ({ done: true });

async function collectionOf(me: Me, visible = true): Promise<string> {
  const { value } = await send('POST', '/api/v1/users/collections', { access: me.access, body: { title: 'Mine', public: visible } });
  const { collectionId } = value as { collectionId: string };
  await send('POST', `/api/v1/users/collections/${collectionId}/items`, { access: me.access, body: { assetId: 1, note: 'first' } });
  return collectionId;
}
const own = (suffix = '') => async (me: Me): Promise<string> => `/api/v1/users/collections/${await collectionOf(me, false)}${suffix}`;
const after = (path: string, body: object, then = path) => async (me: Me): Promise<string> => (await send('POST', path, { access: me.access, body }), then);
const saved = { name: 'Birds', query: 'tag=birds', alerts: true };
const mine = has({ title: 'Mine', public: false, curated: false, size: 1 });

/** One case per route, each for a fresh user: a route without one does not compile. */
const cases: { [K in DiscoveryRouteName]: Case } = {
  searchAssets: {
    path: () => '/api/v1/search?q=pengiun&kind=dataset,model&facets=true',
    expected: () => has({ items: [has({ assetId: 1, category: 'biology', rows: 344, downloadPrice: 25n * 10n ** 18n, ratings: 0 }), has({ assetId: 2 })], total: { count: 2, relation: 'exact' }, corrections: [{ typed: 'pengiun', used: 'penguin' }], semantic: false, facets: has({ estimated: false, counts: has({ tag: [{ value: 'birds', count: 2 }] }) }) }),
  },
  suggestAssets: { path: () => '/api/v1/search/suggest?q=palm', expected: () => ({ items: [{ assetId: 1, kind: 'dataset', title: 'Palmer penguins' }], words: ['palmer'] }) },
  listCategories: { expected: () => ({ estimated: false, items: expect.arrayContaining([{ value: 'biology', count: 2 }, { value: 'climate', count: 1 }]) }) },
  listTags: { path: () => '/api/v1/tags?limit=1', expected: () => ({ estimated: false, items: [{ value: 'birds', count: 2 }] }) },
  listFeatured: { expected: () => page() },
  setFeatured: { role: 'curator', body: () => ({ items: [{ assetId: 3, note: 'Today' }] }), expected: () => page(about(3, { note: 'Today' })) },
  listSimilar: { path: () => '/api/v1/assets/1/similar', expected: () => page(about(2, { parts: has({ columns: 1, lineage: 0 }) })) },
  listBoughtTogether: { path: () => '/api/v1/assets/1/bought-together', expected: () => page(about(2, { buyers: 2 })) },
  recommendForAccount: { path: () => `/api/v1/accounts/${walletOf('zoe')}/recommendations`, expected: () => page(about(2, { reason: { because: 'bought', assetId: 1, title: 'Palmer penguins', via: 'boughtTogether' } })) },
  recommendForUser: { path: after('/api/v1/users/favourites', { assetId: 2 }, '/api/v1/users/recommendations?limit=1'), expected: () => page(about(1, { reason: has({ because: 'favourite', title: 'Gentoo penguins' }) })) },
  listFavourites: { path: after('/api/v1/users/favourites', { assetId: 2 }), expected: () => page(about(2, { at: expect.any(Number) })) },
  addFavourite: { body: () => ({ assetId: 1 }), expected: done },
  removeFavourite: { path: () => '/api/v1/users/favourites/1', expected: done },
  listWatched: { path: after('/api/v1/users/watched', { assetId: 3 }), expected: () => page(about(3)) },
  addWatch: { body: () => ({ assetId: 1 }), expected: done },
  removeWatch: { path: () => '/api/v1/users/watched/1', expected: done },
  listSavedSearches: { path: after('/api/v1/users/searches', saved), expected: () => page(has(saved)) },
  saveSearch: { body: () => saved, expected: () => has(saved) },
  deleteSavedSearch: { path: async (me) => `/api/v1/users/searches/${((await send('POST', '/api/v1/users/searches', { access: me.access, body: saved })).value as { searchId: string }).searchId}`, expected: done },
  listAlerts: { expected: () => page() },
  markAlertsSeen: { body: () => ({}), expected: done },
  listCollections: { path: async (me) => (await collectionOf(me), '/api/v1/collections'), expected: () => ({ items: expect.arrayContaining([has({ title: 'Mine', public: true })]) }) },
  getCollection: { path: async (me) => `/api/v1/collections/${await collectionOf(me)}`, expected: () => has({ title: 'Mine', items: [about(1, { note: 'first' })] }) },
  listOwnCollections: { path: async (me) => (await own()(me), '/api/v1/users/collections'), expected: () => page(mine) },
  getOwnCollection: { path: own(), expected: () => has({ title: 'Mine', items: [about(1)] }) },
  createCollection: { body: () => ({ title: ' Mine ', public: false }), expected: () => has({ title: 'Mine', public: false, size: 0, description: '' }) },
  changeCollection: { path: own(), body: () => ({ title: 'Ours', public: true }), expected: () => has({ title: 'Ours', public: true, size: 1 }) },
  deleteCollection: { path: own(), expected: done },
  addToCollection: { path: own('/items'), body: () => ({ assetId: 2 }), expected: done },
  removeFromCollection: { path: own('/items/1'), expected: done },
};

test.each(Object.entries(cases))('%s answers by its schema, and to whom it may', async (name, { path, body, role, expected }) => {
  const route: Route = discoveryRoutes[name as DiscoveryRouteName];
  const me = await signUp();
  const address = (await path?.(me)) ?? route.path;
  const sent = body?.(me);
  const options = sent === undefined ? {} : { body: sent };
  if (route.access) expect(codeOf(await send(route.method, address, options))).toEqual([401, 'UNAUTHENTICATED']);
  if (route.access) expect(codeOf(await send(route.method, address, { ...options, access: (await makeKey(me)).key }))).toEqual([403, 'FORBIDDEN']);
  if (role) {
    expect(codeOf(await send(route.method, address, { ...options, access: me.access }))).toEqual([403, 'FORBIDDEN']);
    await db.pool.query('UPDATE users SET roles = $1 WHERE user_id = $2', [JSON.stringify(['user', role]), me.user.userId]);
  }
  const answer = await send(route.method, address, { ...options, ...(route.access ? { access: me.access } : {}) });
  expect([answer.status, answer.status === 200 ? z.decode(route.response, answer.value as never) : answer.value]).toEqual([200, expected()]);
});

test('public collections go on page by page', async () => {
  const me = await signUp();
  const made = new Set([await collectionOf(me), await collectionOf(me), await collectionOf(me)]);
  const found: string[] = [];
  for (let cursor: number | undefined = 0; cursor !== undefined;) {
    const { items, next }: { items: { collectionId: string }[]; next?: number } = (await send('GET', `/api/v1/collections?limit=2&cursor=${cursor}`)).value as never;
    expect(items.length).toBeLessThanOrEqual(2);
    found.push(...items.map(({ collectionId }) => collectionId));
    cursor = next;
  }
  expect(new Set(found).size).toBe(found.length);
  expect([...made].filter((one) => !found.includes(one))).toEqual([]);
});

test('what is gone is gone: deleted twice, asked for or added to afterwards', async () => {
  const me = await signUp();
  const ask = (method: string, path: string, body?: object) => send(method, `/api/v1/users/${path}`, { access: me.access, ...(body ? { body } : {}) });
  const { searchId } = (await ask('POST', 'searches', saved)).value as { searchId: string };
  const { collectionId } = (await ask('POST', 'collections', { title: 'Mine' })).value as { collectionId: string };
  expect([(await ask('DELETE', `searches/${searchId}`)).status, (await ask('DELETE', `collections/${collectionId}`)).status]).toEqual([200, 200]);
  const after = [await ask('DELETE', `searches/${searchId}`), await ask('DELETE', `collections/${collectionId}`), await ask('GET', `collections/${collectionId}`), await ask('POST', `collections/${collectionId}/items`, { assetId: 1 }), await send('GET', `/api/v1/collections/${collectionId}`)];
  expect(after.map(codeOf)).toEqual(after.map(() => [404, 'NOT_FOUND']));
});

test('a key with the scopes keeps lists, and reads only with the one for reading', async () => {
  const me = await signUp();
  const { key } = await makeKey(me, { scopes: ['lists:read'] });
  expect((await send('GET', '/api/v1/users/favourites', { access: key })).status).toBe(200);
  expect(codeOf(await send('POST', '/api/v1/users/favourites', { access: key, body: { assetId: 1 } }))).toEqual([403, 'FORBIDDEN']);
});

test.each(['/api/v1/search?kind=nothing', '/api/v1/search?cursor=%00', '/api/v1/search?cursor=WyJuZXdlc3QiLCIxJyIsMV0', '/api/v1/search?limit=1000', `/api/v1/search?q=${'x'.repeat(300)}`, '/api/v1/search?publisher=0x1', '/api/v1/users/collections/1'])('refuses %s', async (path) => {
  expect([400, 401, 422]).toContain((await send('GET', path)).status);
});

test('survives what no database keeps in a filter', async () => {
  expect((await send('GET', '/api/v1/search?license=%00%22&tag=%F0%9F%98%80%00&facets=true')).status).toBeLessThan(500);
});

test.each(["%27%29%3B%20DROP", '%F0%9F%98%80%20%00', "\\\\'", '%E2%80%AE', '-'.repeat(200), 'a%20'.repeat(60).slice(0, 180), '%27%3A%2A'])('survives words like %s', async (q) => {
  expect((await send('GET', `/api/v1/search?q=${q}&facets=true`)).status).toBe(q.includes('%00') ? 400 : 200);
});
