import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchQuerySchema } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { fillSearch } from '../db/refreshSearch.ts';
import { assetViews, users } from '../db/schema.ts';
import { createShelf, walletOf } from '../indexer/testing/shelf.ts';
import { createDiscovery } from './createDiscovery.ts';
import type { Discovery } from './createDiscovery.ts';
import { findAlerts } from './findAlerts.ts';
import { refreshViewed } from './refreshViewed.ts';
import { refreshStatistics } from './statistics.ts';

/** Discovery over rows in a real database, made the way the indexer makes them. */

let db: Database;
let discovery: Discovery;
let shelf: ReturnType<typeof createShelf>;
const now = 1_761_000_000;
const me = '7a3b9f0c-5a53-4c3e-9b8f-3d3a2b1c0d9e';

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  discovery = createDiscovery({ db, now: () => now });
  shelf = createShelf(db);
  await db.orm.insert(users).values({ userId: me, email: 'me@example.org', passwordHash: null, roles: ['user'], createdAt: now });
  const birds = ['bill_length_mm', 'flipperLength', 'species'];
  await shelf.publish({ assetId: 1, title: 'Palmer penguins', tags: ['birds', 'antarctica'], description: 'Measurements of three penguin species near the pole.', columns: birds, rows: 344, price: 25n });
  await shelf.publish({ assetId: 2, title: 'Seattle weather', tags: ['climate'], description: 'Rain and wind by day.', columns: ['precipitation', 'wind'], rows: 1_461, owner: 'city', price: 0n });
  await shelf.publish({ assetId: 3, title: 'Penguin classifier', kind: 'model', description: 'Tells species apart.', parent: 1, status: 'pending' });
  await shelf.publish({ assetId: 4, title: 'Gentoo colonies', tags: ['birds', 'antarctica', 'penguins'], columns: [...birds, 'colony'], rows: 90_000, size: 20_000_000, price: 500n, owner: 'other', license: 'MIT' });
  await shelf.publish({ assetId: 5, title: 'Credit risk', tags: ['loans', 'classification'], columns: ['income', 'defaulted'], rows: 2_000_000, price: 3n, owner: 'bank', license: 'MIT' });
  await shelf.publish({ assetId: 6, title: 'Mystery box', said: { 'nd:category': 'sport', 'nd:task': 'forecasting', creator: { name: 'Ada Lovelace' } } });
});
afterAll(() => db.close());

const ask = (query: Record<string, string>) => discovery.search(searchQuerySchema.parse(query));
const idsOf = async (query: Record<string, string>): Promise<number[]> => (await ask(query)).assetIds;

test.each([
  ['penguins', [1, 3, 4]], ['penguin speci', [1, 3, 4]], ['flipper length', [1, 4]], ['bill_length_mm', [1, 4]], ['rain', [2]], ['lovelace', [6]],
  ['pengiuns', [1, 3, 4]], ['wether seattle', [2]], ['antarc', [1, 4]], ['the', [1, 2, 3, 4, 5, 6]], ['qqqqq', []], ["'); DROP TABLE assets; --", []], ['& | !', []],
])('finds by title, tags, columns, description and publisher: %s', async (q, ids) => {
  expect((await idsOf({ q })).toSorted()).toEqual(ids);
});

test('an address of a publisher finds what is theirs, whole or its beginning', async () => {
  expect(await idsOf({ q: walletOf('bank') })).toEqual([5]);
  expect(await idsOf({ q: walletOf('bank').slice(0, 12) })).toEqual([5]);
  expect(await idsOf({ publisher: walletOf('bank') })).toEqual([5]);
});

test('says which word was taken for a misspelt one', async () => {
  expect((await ask({ q: 'pengiuns' })).corrections).toEqual([{ typed: 'pengiuns', used: 'penguin' }]);
  expect((await ask({ q: 'penguins' })).corrections).toEqual([]);
});

test('a title counts more than a description, and use more than nothing', async () => {
  expect((await idsOf({ q: 'species' }))[0]).toBe(1);
  expect((await idsOf({ q: 'penguin' }))[0]).toBe(1);
});

test.each([
  [{ kind: 'model' }, [3]], [{ kind: 'dataset,model', q: 'penguin' }, [1, 3, 4]], [{ category: 'biology' }, [1, 3, 4]], [{ category: 'sport' }, [6]], [{ category: 'finance,climate' }, [2, 5]],
  [{ license: 'MIT' }, [4, 5]], [{ price: 'free' }, [2]], [{ price: 'from1,from10' }, [1, 5]], [{ price: 'none' }, [3, 6]], [{ size: 'from10MB' }, [4]], [{ rows: 'under1k' }, [1]], [{ rows: 'from1M' }, [5]],
  [{ task: 'forecasting' }, [6]], [{ task: 'classification' }, [5]], [{ verified: 'no' }, [3]], [{ tag: 'Birds' }, [1, 4]], [{ tag: 'birds', license: 'MIT' }, [4]], [{ license: '"\\},{' }, []],
])('filters %j', async (query, ids) => {
  expect((await idsOf(query)).toSorted()).toEqual(ids);
});

test('counts each facet over what fits the other filters', async () => {
  const { facets, total } = await ask({ q: 'penguin', license: 'MIT', facets: 'true' });
  expect(total).toEqual({ count: 1, relation: 'exact' });
  expect(facets?.estimated).toBe(false);
  expect(facets?.counts.license).toEqual([{ value: 'CC0-1.0', count: 2 }, { value: 'MIT', count: 1 }]);
  expect(facets?.counts.kind).toEqual([{ value: 'dataset', count: 1 }]);
  expect(facets?.counts.verified).toEqual([{ value: 'yes', count: 1 }]);
});

test('every order goes page by page over all, without a row twice', async () => {
  for (const id of ['ada', 'bob', 'eve']) await shelf.buy(4, id);
  await shelf.buy(1, 'ada');
  await shelf.review(1, 'ada', 5);
  await shelf.review(4, 'ada', 2);
  const all: Record<string, number[]> = {};
  for (const sort of ['newest', 'popular', 'trending', 'price', 'rows', 'rating']) {
    const seen: number[] = [];
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const page = await ask({ sort, limit: '2', ...(cursor ? { cursor } : {}) });
      seen.push(...page.assetIds);
      cursor = page.next;
    }
    all[sort] = seen;
  }
  expect(all).toEqual({
    newest: [6, 5, 4, 3, 2, 1], popular: [4, 1, 6, 5, 3, 2], trending: [4, 1, 6, 5, 3, 2], price: [2, 5, 1, 4, 6, 3], rows: [5, 4, 2, 1, 6, 3], rating: [1, 4, 6, 5, 3, 2],
  });
  const paged = [...(await ask({ q: 'penguin', limit: '2' })).assetIds, ...(await ask({ q: 'penguin', limit: '2', cursor: (await ask({ q: 'penguin', limit: '2' })).next! })).assetIds];
  expect(paged).toEqual(await idsOf({ q: 'penguin' }));
  // A page goes on behind its last asset, also where that is not shown any more.
  const { next } = await ask({ sort: 'newest', limit: '2' });
  await db.pool.query('UPDATE asset_search SET listed = false WHERE asset_id = 5');
  expect((await ask({ sort: 'newest', limit: '2', cursor: next! })).assetIds).toEqual([4, 3]);
  await db.pool.query('UPDATE asset_search SET listed = true WHERE asset_id = 5');
  await expect(ask({ sort: 'price', cursor: (await ask({ limit: '2' })).next! })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('what somebody buys of oneself makes nothing popular', async () => {
  const before = await rowOf(5);
  await shelf.buy(5, 'bank');
  expect((await rowOf(5)).popularity).toBe(before.popularity);
  expect((await rowOf(5)).orders).toBe(before.orders + 1);
});

test('a use counts half after a week, whenever one looks', async () => {
  const [old, fresh] = [1_760_000_000 - 604_800, 1_760_000_000];
  await shelf.publish({ assetId: 20, title: 'Old use', publishedAt: 0 });
  await shelf.publish({ assetId: 21, title: 'Fresh use', publishedAt: 0 });
  await shelf.buy(20, 'eve', old);
  await shelf.buy(21, 'eve', fresh);
  expect((await rowOf(21)).trend - (await rowOf(20)).trend).toBeCloseTo(1, 5);
  await db.orm.insert(assetViews).values({ assetId: 20, day: 1_760_918_400, visitors: 100 });
  await refreshViewed(db, now);
  expect(await rowOf(20)).toMatchObject({ views: 100 });
  expect((await rowOf(20)).trend).toBeGreaterThan((await rowOf(21)).trend);
  await remove(20, 21);
});

test('suspended, hidden and sample assets are not found, and come back', async () => {
  await db.pool.query("UPDATE assets SET curation_status = 'suspended' WHERE asset_id = 2");
  await db.pool.query('UPDATE assets SET sample_asset_id = 6 WHERE asset_id = 5');
  await db.pool.query("INSERT INTO hidden_subjects (subject, reason, hidden_at, appeal) VALUES ('asset:4', 'x', 1, 'none')");
  await shelf.refresh(2, 4, 5, 6);
  expect((await idsOf({})).toSorted()).toEqual([1, 3, 5]);
  await db.pool.query("UPDATE assets SET curation_status = 'pending', sample_asset_id = NULL");
  await db.pool.query('DELETE FROM hidden_subjects');
  await shelf.refresh(2, 4, 5, 6);
  expect((await idsOf({})).toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('dropped rows are made again as they were', async () => {
  const read = async () => (await db.pool.query('SELECT * FROM asset_search ORDER BY asset_id')).rows as unknown[];
  const before = await read();
  await db.pool.query('DELETE FROM asset_search');
  let after: number | undefined = 0;
  while (after !== undefined) after = await fillSearch(db.orm, { after, limit: 4 });
  expect(await read()).toEqual(before);
});

test('the statistics count words and facets, and mark what is hot', async () => {
  await refreshStatistics(db, now);
  const { rows: [word] } = await db.pool.query("SELECT uses FROM search_words WHERE word = 'penguin'");
  expect(word).toEqual({ uses: 3 });
  const { rows: [facet] } = await db.pool.query("SELECT uses FROM search_facets WHERE facet = 'kind:dataset'");
  expect(facet).toEqual({ uses: 5 });
  expect((await db.pool.query('SELECT asset_id, top FROM asset_search WHERE hot ORDER BY asset_id')).rows).toEqual([{ asset_id: 1n, top: true }, { asset_id: 4n, top: true }]);
});

test('similar assets share words, columns or lineage', async () => {
  const similar = await discovery.similar({ assetId: 1 });
  expect(similar.map(({ assetId }) => assetId)).toEqual([4, 3]);
  expect(similar[0]!.parts).toMatchObject({ columns: 0.75, publisher: 0, lineage: 0 });
  expect(similar[1]!.parts).toMatchObject({ columns: 0, publisher: 1, lineage: 1 });
});

test('bought together takes two buyers', async () => {
  expect(await discovery.boughtTogether({ assetId: 4 })).toEqual([]);
  await shelf.buy(1, 'bob');
  await shelf.buy(5, 'eve');
  expect(await discovery.boughtTogether({ assetId: 4 })).toEqual([{ assetId: 1, buyers: 2, score: 0.816497 }]);
  expect((await discovery.boughtTogether({ assetId: 1 })).map(({ assetId }) => assetId)).toEqual([4]);
});

test('recommends by what was bought, run and liked, says why, and leaves out what is known', async () => {
  await shelf.buy(4, 'zoe');
  const [first] = await discovery.recommend({ wallets: [walletOf('zoe')] });
  expect(first).toMatchObject({ assetId: 1, reason: { because: 'bought', assetId: 4, via: 'boughtTogether' } });
  expect((await discovery.recommend({ wallets: [walletOf('nobody')] }))[0]).toMatchObject({ assetId: 4, reason: { because: 'trending' } });
  await discovery.lists.addFavourite(me, 3);
  expect((await discovery.recommend({ wallets: [], userId: me }))[0]).toMatchObject({ assetId: 1, reason: { because: 'favourite', assetId: 3, via: 'similar' } });
  expect((await discovery.recommend({ wallets: [walletOf('publisher')], userId: me })).map(({ assetId }) => assetId)).not.toContain(1);
});

test('favourites count once, for popularity too, and go', async () => {
  const before = (await rowOf(2)).popularity;
  await discovery.lists.addFavourite(me, 2);
  await discovery.lists.addFavourite(me, 2);
  expect((await rowOf(2)).popularity).toBe(before + 3);
  expect((await discovery.lists.favourites(me)).map(({ assetId }) => assetId)).toContain(2);
  await discovery.lists.removeFavourite(me, 2);
  expect((await rowOf(2)).popularity).toBe(before);
  await expect(discovery.lists.addFavourite(me, 999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('tells once of new assets that fit a saved search, when their text is there', async () => {
  const saved = await discovery.savedSearches.save({ userId: me, name: 'Birds', query: 'q=bird&kind=dataset&sort=price', alerts: true });
  await discovery.savedSearches.save({ userId: me, name: 'Silent', query: 'q=bird', alerts: false });
  expect(await findAlerts({ db, now: () => now })).toEqual([]);
  await shelf.publish({ assetId: 30, title: 'Bird strikes', rows: 10 });
  await shelf.publish({ assetId: 31, title: 'Bird model', kind: 'model' });
  const told: string[] = [];
  const notify = async (alerts: { text: string }[]): Promise<void> => void told.push(...alerts.map(({ text }) => text));
  const both = (await Promise.all([findAlerts({ db, now: () => now, notify }), findAlerts({ db, now: () => now, notify })])).flat();
  expect(both).toEqual([expect.objectContaining({ kind: 'match', assetId: 30, searchId: saved.searchId })]);
  expect(told).toEqual(['“Bird strikes” fits your search “Birds”.']);
  expect(await findAlerts({ db, now: () => now })).toEqual([]);
  expect(await discovery.savedSearches.alerts(me)).toMatchObject([{ kind: 'match', assetId: 30, seen: false }]);
  await expect(discovery.savedSearches.save({ userId: me, name: 'Bad', query: 'kind=nothing', alerts: true })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await remove(30, 31);
});

test('tells of new versions and lower prices of what is watched, not of higher ones', async () => {
  await shelf.publish({ assetId: 40, title: 'Watched', price: 10n });
  await discovery.lists.addWatch(me, 40);
  expect(await findAlerts({ db, now: () => now })).toEqual([]);
  await shelf.publish({ assetId: 40, title: 'Watched', price: 4n, version: 2 });
  expect((await findAlerts({ db, now: () => now })).map(({ kind, text }) => [kind, text])).toEqual([['version', '“Watched” has a new version, 2.'], ['price', '“Watched” now costs 4 NCR.']]);
  await db.pool.query('UPDATE listings SET retired = true WHERE listing_id = 402');
  await shelf.refresh(40);
  expect(await findAlerts({ db, now: () => now })).toEqual([]);
  await remove(40);
});

test('collections are seen by others only where they are public', async () => {
  const input = { title: 'For beginners', description: '', public: false };
  const made = await discovery.collections.create({ userId: me, roles: ['user'], requestId: 'r', input });
  await discovery.collections.addItem({ userId: me, collectionId: made.collectionId, assetId: 1, note: 'Start here.' });
  expect(await discovery.collections.listPublic()).toEqual([]);
  await expect(discovery.collections.get({ collectionId: made.collectionId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(discovery.collections.addItem({ userId: 'somebody else', collectionId: made.collectionId, assetId: 2, note: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await discovery.collections.change({ userId: me, collectionId: made.collectionId, input: { ...input, public: true } });
  expect(await discovery.collections.listPublic()).toMatchObject([{ title: 'For beginners', curated: false, size: 1 }]);
  expect((await discovery.collections.get({ collectionId: made.collectionId })).items).toMatchObject([{ assetId: 1, note: 'Start here.' }]);
  const curated = await discovery.collections.create({ userId: me, roles: ['user', 'curator'], requestId: 'r', input: { ...input, title: 'Chosen', public: true } });
  expect((await discovery.collections.listPublic()).map(({ title }) => title)).toEqual(['Chosen', 'For beginners']);
  expect((await discovery.collections.listPublic({ limit: 1, after: 1 })).map(({ title }) => title)).toEqual(['For beginners']);
  await discovery.collections.delete(me, curated.collectionId);
});

test('featured keeps its order, and the audit log says who set it', async () => {
  await discovery.collections.setFeatured([{ assetId: 4, note: 'Big' }, { assetId: 1, note: '' }], { actor: me, requestId: 'r1' });
  expect((await discovery.collections.featured()).map(({ assetId }) => assetId)).toEqual([4, 1]);
  const { rows } = await db.pool.query("SELECT actor, details FROM audit_log WHERE action = 'featured set'");
  expect(rows).toEqual([{ actor: me, details: { before: [], after: [4, 1] } }]);
});

test('categories and tags with their counts', async () => {
  const found = await discovery.count('category', 50);
  expect(found.items.find(({ value }) => value === 'biology')).toEqual({ value: 'biology', count: 3 });
  expect(found.items.find(({ value }) => value === 'energy')).toEqual({ value: 'energy', count: 0 });
  expect((await discovery.count('tag', 2)).items).toEqual([{ value: 'antarctica', count: 2 }, { value: 'birds', count: 2 }]);
});

test('suggests titles while one types', async () => {
  expect((await discovery.suggest({ q: 'pengu' })).items.map(({ title }) => title).toSorted()).toEqual(['Gentoo colonies', 'Palmer penguins', 'Penguin classifier']);
  expect(await discovery.suggest({ q: ' ' })).toEqual({ items: [], words: [] });
});

async function rowOf(assetId: number) {
  const { rows } = await db.orm.execute<{ popularity: number; orders: number; trend: number; views: number }>(sql`SELECT popularity, orders, trend, views FROM asset_search WHERE asset_id = ${assetId}`);
  return rows[0]!;
}

async function remove(...ids: number[]): Promise<void> {
  for (const table of ['versions', 'listings', 'orders', 'assets', 'watches']) await db.pool.query(`DELETE FROM ${table} WHERE asset_id = ANY ($1)`, [ids]);
  await shelf.refresh(...ids);
}
