import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchQuerySchema } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { createDiscovery } from './createDiscovery.ts';
import type { Discovery } from './createDiscovery.ts';
import { scoreOf } from './findMatches.ts';
import { refreshStatistics } from './statistics.ts';

/** Words of so many assets that not all are ranked, and their order against that of all. */

let db: Database;
let discovery: Discovery;
const assets = 8_000;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  discovery = createDiscovery({ db });
  // Everybody says "shared"; every fourth "quarter", of which every fifth in the title; the numbers 61, 122, ... are popular, the more the lower.
  await db.pool.query(`INSERT INTO asset_search (asset_id, listed, kind, owner, version, title, category, task, columns, price, row_count, quality, rating, ratings, orders, runs, favourites, views, popularity, trend, published_at, facets, document)
    SELECT n, true, 'dataset', '0x', 1, 't', c, 'other', '{}', 'Infinity', n, 0, 0, 0, 0, 0, 0, 0, CASE WHEN n % 61 = 0 THEN 100000 / n ELSE n % 3 END, 0, 0, ARRAY['kind:dataset', 'category:' || c],
      to_tsvector('english', 'shared') || setweight(to_tsvector('english', CASE WHEN n % 20 = 0 THEN 'quarter' ELSE '' END), 'A') || to_tsvector('english', CASE WHEN n % 4 = 0 THEN 'quarter' ELSE '' END)
    FROM (SELECT n, CASE WHEN n % 10 = 0 THEN 'climate' ELSE 'other' END AS c FROM generate_series(1, ${assets}) n) numbers`);
  await db.pool.query("INSERT INTO search_words (word, in_title, uses) SELECT lexeme, true, 1 FROM (SELECT DISTINCT lexeme FROM asset_search, unnest(document)) w");
  await refreshStatistics(db, 1);
}, 60_000);
afterAll(() => db.close());

const ask = (query: Record<string, string>) => discovery.search(searchQuerySchema.parse(query));

async function exactly(word: string, condition: string): Promise<number[]> {
  const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT s.asset_id FROM asset_search s WHERE s.document @@ ${word}::tsquery AND ${sql.raw(condition)} ORDER BY ${scoreOf(sql`${word}::tsquery`)} DESC, s.asset_id DESC LIMIT 20`);
  return rows.map((row) => Number(row.asset_id));
}

test.each([
  ['shared', 'share', {}, 'true', 'atLeast'], ['quarter', 'quarter', {}, 'true', 'atLeast'], ['shared', 'share', { category: 'climate' }, "s.category = 'climate'", 'atLeast'],
])('the best of %s, not all of them ranked, are the best of all', async (q, stem, filter, condition, relation) => {
  const { assetIds, total } = await ask({ q, limit: '20', ...filter });
  expect(assetIds).toEqual(await exactly(stem, condition));
  expect(total.relation).toBe(relation);
});

test('pages of a common word go on without a row twice', async () => {
  const seen: number[] = [];
  for (let [cursor, page] = [undefined as string | undefined, 0]; page < 4; page += 1) {
    const found = await ask({ q: 'quarter', limit: '30', ...(cursor ? { cursor } : {}) });
    seen.push(...found.assetIds);
    cursor = found.next;
  }
  expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
});

test('facets of a common word are at least so many, and said to be', async () => {
  const { facets } = await ask({ q: 'shared', facets: 'true' });
  expect(facets).toMatchObject({ estimated: true, counts: { kind: [{ value: 'dataset', count: expect.any(Number) }] } });
  expect(facets!.counts.kind[0]!.count).toBeGreaterThan(100);
});
