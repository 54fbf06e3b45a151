import { sql } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { searchStatistics } from '../db/schema.ts';

/** What searches are planned by: about how many assets there are, and have each value of a filter. */
export type Statistics = { assets: number; facets: ReadonlyMap<string, number> };

/** Up to so many assets are counted where somebody wants to know how many. */
export const fewAssets = 10_000;
/** So many of the most popular assets are marked as `top`; a twentieth, but not fewer, as `hot`. */
export const topAssets = 2_500;
export const hotAssets = (assets: number): number => Math.max(topAssets, Math.floor(assets / 20));
const keptMs = 60_000;
const fewKeptMs = 5_000;
/** So many rows are looked at for counting words, in steps: PGlite answers nobody else meanwhile. */
const sampled = 20_000;
const stepRows = 200;
const stepWords = 1_000;

/** Reads the statistics, and keeps them for a minute; while there are few assets, for some seconds. */
export function createStatistics(db: Pick<Database, 'orm'>, now: () => number = Date.now): () => Promise<Statistics> {
  let kept: { value: Statistics; at: number } | undefined;
  return async () => {
    if (kept && now() - kept.at < (kept.value.assets <= fewAssets ? fewKeptMs : keptMs)) return kept.value;
    const { rows } = await db.orm.execute<{ assets: bigint }>(sql`SELECT count(*) AS assets FROM (SELECT 1 FROM asset_search WHERE listed LIMIT ${fewAssets + 1}) few`);
    const assets = Math.max(1, Number(rows[0]?.assets ?? 0));
    const [counted] = await db.orm.select().from(searchStatistics);
    const { rows: facets } = await db.orm.execute<{ facet: string; uses: number }>(sql`SELECT facet, uses FROM search_facets WHERE facet NOT LIKE 'tag:%' OR uses > 100`);
    const value = { assets: assets > fewAssets ? Math.max(assets, counted?.assets ?? 0) : assets, facets: new Map(facets.map(({ facet, uses }) => [facet, uses])) };
    kept = { value, at: now() };
    return value;
  };
}

/**
 * Counts in how many assets each word and each value of a filter is, over a sample where there are many, and marks the most
 * popular ones. In small steps, so that nobody waits for it. Searches are planned by it; what they find does not depend on it.
 */
export async function refreshStatistics(db: Pick<Database, 'orm'>, nowSeconds: number): Promise<void> {
  const { rows: [span] } = await db.orm.execute<{ assets: bigint; last: bigint | null }>(sql`SELECT count(*) AS assets, max(asset_id) AS last FROM asset_search WHERE listed`);
  const [assets, last] = [Number(span?.assets ?? 0), Number(span?.last ?? 0)];
  if (assets === 0) return;
  const counted = await countSample(db, { assets, last });
  await saveWords(db, counted.words);
  await saveFacets(db, counted.facets);
  const hotFrom = await mark(db, { name: 'hot', most: hotAssets(assets) });
  const topFrom = await mark(db, { name: 'top', most: topAssets });
  const row = { assets, hotFrom, topFrom, countedAt: nowSeconds };
  await db.orm.insert(searchStatistics).values(row).onConflictDoUpdate({ target: searchStatistics.id, set: row });
}

type Counts = Map<string, number>;

/** Steps of ids at equal distances, scaled up to all assets. */
async function countSample(db: Pick<Database, 'orm'>, { assets, last }: { assets: number; last: number }): Promise<{ words: Counts; facets: Counts }> {
  const [words, facets]: [Counts, Counts] = [new Map(), new Map()];
  const steps = Math.ceil(last / stepRows);
  const taken = Math.min(steps, Math.ceil(sampled / stepRows));
  let seen = 0;
  for (let index = 0; index < taken; index += 1) {
    const from = Math.floor((index * steps) / taken) * stepRows;
    const rows = sql`SELECT * FROM asset_search s WHERE s.listed AND s.asset_id > ${from} AND s.asset_id <= ${from + stepRows}`;
    const { rows: found } = await db.orm.execute<{ kind: 'word' | 'facet' | 'row'; value: string; uses: number }>(sql`WITH taken AS MATERIALIZED (${rows})
      SELECT 'word' AS kind, lexeme AS value, count(*)::int AS uses FROM taken, unnest(taken.document) GROUP BY lexeme
      UNION ALL SELECT 'facet', facet, count(*)::int FROM taken, unnest(taken.facets) facet GROUP BY facet UNION ALL SELECT 'row', '', count(*)::int FROM taken`);
    for (const { kind, value, uses } of found) {
      if (kind === 'row') seen += uses;
      else (kind === 'word' ? words : facets).set(value, ((kind === 'word' ? words : facets).get(value) ?? 0) + uses);
    }
  }
  const factor = seen === 0 ? 1 : Math.max(1, assets / seen);
  const scaled = (counts: Counts): Counts => new Map([...counts].map(([value, uses]) => [value, Math.round(uses * factor)]));
  return { words: scaled(words), facets: scaled(facets) };
}

async function saveWords(db: Pick<Database, 'orm'>, words: Counts): Promise<void> {
  const all = [...words].filter(([, uses]) => uses > 1).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (let start = 0; start < all.length; start += stepWords) {
    const step = JSON.stringify(Object.fromEntries(all.slice(start, start + stepWords)));
    // What changed by less than a fifth changes no plan.
    await db.orm.execute(sql`UPDATE search_words w SET uses = c.value::int FROM jsonb_each_text(${step}::jsonb) c WHERE w.word = c.key AND abs(w.uses - c.value::int) > c.value::int / 5`);
  }
}

async function saveFacets(db: Pick<Database, 'orm'>, facets: Counts): Promise<void> {
  const kept = JSON.stringify(Object.fromEntries(facets));
  await db.orm.transaction(async (tx) => {
    await tx.execute(sql`DELETE FROM search_facets WHERE NOT ${kept}::jsonb ? facet`);
    await tx.execute(sql`INSERT INTO search_facets (facet, uses) SELECT key, value::int FROM jsonb_each_text(${kept}::jsonb) ORDER BY key ON CONFLICT (facet) DO UPDATE SET uses = excluded.uses WHERE search_facets.uses <> excluded.uses`);
  });
}

/** The popularity from which on assets are marked: about `most` of them, with those of the same popularity unless these are as many again. */
async function mark(db: Pick<Database, 'orm'>, { name, most }: { name: 'hot' | 'top'; most: number }): Promise<number> {
  const { rows: [row] } = await db.orm.execute<{ popularity: number; above: bigint; tied: bigint }>(sql`SELECT p.popularity,
      (SELECT count(*) FROM asset_search s WHERE s.listed AND s.popularity > p.popularity) AS above, (SELECT count(*) FROM asset_search s WHERE s.listed AND s.popularity = p.popularity) AS tied
    FROM (SELECT popularity FROM asset_search WHERE listed ORDER BY popularity DESC, asset_id DESC OFFSET ${most} LIMIT 1) p`);
  const manyTied = row !== undefined && Number(row.above + row.tied) > 2 * most && Number(row.above) > most / 4;
  const from = Math.max(1, row ? row.popularity + (manyTied ? 1 : 0) : 1);
  const flag = sql.raw(name);
  for (const wrong of [sql`NOT ${flag} AND popularity >= ${from}`, sql`${flag} AND popularity < ${from}`]) {
    for (let changed = stepRows; changed === stepRows;) {
      const result = await db.orm.execute(sql`UPDATE asset_search SET ${flag} = NOT ${flag} WHERE asset_id IN (SELECT asset_id FROM asset_search WHERE listed AND ${wrong} LIMIT ${stepRows})`);
      changed = result.rowCount ?? 0;
    }
  }
  return from;
}
