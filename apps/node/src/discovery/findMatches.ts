import type { SearchSort } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Reader } from '../db/openDatabase.ts';
import { afterwards, conditionsOf, sortKeys } from './filters.ts';
import type { Cursor, Wanted } from './filters.ts';
import { tsqueryOf } from './readTerms.ts';
import type { Term } from './readTerms.ts';
import { fewAssets, hotAssets, topAssets } from './statistics.ts';
import type { Statistics } from './statistics.ts';

/** Up to so many expected matches all are ranked. */
export const mostRanked = 500;
/** Of more, so many of the most popular ones are ranked, and so many of the most popular ones that have the words in title or tags. */
const mostPopular = 120;
/** So many rows with the words are looked at for that, if they are as many as expected; in any case not more matches than `mostRead`. */
const mostLookedAt = 2_000;
const mostNamed = 600;
const mostRead = 10_000;
/** Rows of popular assets are in memory; of all assets, only this part of so many is looked at. */
const anywhere = 0.4;
/** With fewer matches than this in sight, one looks further. */
const fewest = 50;
/** Of a word's uses about so many are in titles and tags. */
const namedShare = 1 / 6;
/** Of an order's rows, so many are looked at. */
const mostWalked = 20_000;

/**
 * How well a row fits: the words, those of the title most (ts_rank with weights for description, columns, tags and title),
 * and how much it is used. In millionths, so that a cursor is exact.
 */
export const scoreOf = (query: SQL): SQL => sql`round(((ts_rank('{0.1,0.25,0.5,1}', s.document, ${query}) + 0.1 * ln(1 + s.popularity)) * 1000000)::numeric)::bigint`;

export type Matching = { terms: Term[]; wanted: Wanted[]; publisher?: string | undefined };
export type Match = { assetId: number; key: string };
export type Matches = { items: Match[]; total: { count: number; relation: 'exact' | 'atLeast' } };
type FindParameters = Matching & { sort: SearchSort; cursor?: Cursor | undefined; limit: number; statistics: Statistics };

/** About how many assets match (`all`), how many fit the filters, how many have the words, and how many in title and tags; were each independent of the others. */
export type Expected = { all: number; fitting: number; words: number; named: number };

export function estimate({ terms, wanted, publisher }: Matching, { assets, facets }: Statistics): Expected {
  const product = (shares: number[]): number => shares.reduce((sum, share) => sum * Math.min(1, share), 1);
  const filtered = product([...wanted.map((filter) => filter.facets.reduce((sum, facet) => sum + (facets.get(facet) ?? 0), 0) / assets), ...(publisher === undefined ? [] : [0])]);
  const shares = terms.map(({ uses }) => Math.min(1, uses / assets));
  const words = assets * product(shares);
  return { all: words * filtered, fitting: assets * filtered, words, named: assets * product(shares.map((share) => share * namedShare)) };
}

/** Where words are looked up, as widely as their rows are few: among all assets (undefined), the most popular twentieth, or the most popular of all; further where too few of those would fit the filters. */
export function scopeOf({ all, words }: Expected, { assets }: Statistics, most: number): SQL | undefined {
  const [hot, top] = [hotAssets(assets) / assets, topAssets / assets].map((share) => Math.min(1, share)) as [number, number];
  if (words <= anywhere * most || all * hot < fewest) return undefined;
  return words * hot <= most || all * top < fewest ? sql`s.hot` : sql`s.top`;
}

/**
 * One page of what matches. PostgreSQL is told the way rather than asked for it: ranking every match of a common word takes
 * seconds among a million, and PGlite keeps no statistics of its own. Few matches are ranked all; of more, the most popular ones
 * and those whose title or tags have the words.
 */
export async function findMatches(db: Reader, parameters: FindParameters): Promise<Matches> {
  const { sort, limit, statistics } = parameters;
  const expected = estimate(parameters, statistics);
  if (sort === 'relevance') {
    if (expected.all <= mostRanked) {
      const all = await rankAll(db, parameters, 2 * mostRanked);
      if (all.total.relation === 'exact') return all;
    }
    const best = await rankBest(db, parameters, expected);
    return best.items.length < limit && parameters.cursor === undefined ? rankAll(db, parameters, mostRead) : best;
  }
  const plain = parameters.terms.length === 0 && parameters.wanted.length === 0 && parameters.publisher === undefined;
  // Walking along the order meets a page of matches sooner than they all are read, where they are many.
  if (!plain && expected.all ** 2 <= limit * statistics.assets) return sortAll(db, { ...parameters, sort });
  const walked = await walk(db, { ...parameters, sort }, expected);
  return walked.ended ? walked : sortAll(db, { ...parameters, sort });
}

const where = (conditions: SQL[]): SQL => sql.join([sql`s.listed`, ...conditions], sql` AND `);

/** What rows `s` must fit, looked up by the words or by the filters, whichever fewer fit; in a part of the assets by the words. */
export function conditionsIn(scope: SQL | undefined, { terms, wanted, publisher }: Matching, expected: Expected): SQL[] {
  const filters = conditionsOf(wanted, publisher);
  if (terms.length === 0) return [...(scope ? [scope] : []), ...filters];
  const words = sql`s.document @@ ${tsqueryOf(terms)}::tsquery`;
  return scope ? [scope, words, ...filters.map(afterwards)] : expected.fitting < expected.words ? [words, ...filters] : [words, ...filters.map(afterwards)];
}

type Row = { asset_id: bigint; key: string | number | bigint; found: bigint };

/** `whole`: every match is a candidate, unless there are as many as `cap`. */
type Scope = { cap: number; whole: boolean };

function matchesOf(rows: Row[], { cap, whole }: Scope): Matches {
  const count = Number(rows[0]?.found ?? 0);
  return { items: rows.map((row) => ({ assetId: Number(row.asset_id), key: String(row.key) })), total: { count, relation: whole && count < cap ? 'exact' : 'atLeast' } };
}

async function ranked(db: Reader, parameters: FindParameters, candidates: SQL, scope: Scope): Promise<Matches> {
  const { cursor, limit } = parameters;
  const after = cursor ? sql`WHERE (key, asset_id) < (${cursor.key}::bigint, ${cursor.assetId}::bigint)` : sql``;
  const { rows } = await db.orm.execute<Row>(sql`WITH found AS MATERIALIZED (${candidates}) SELECT asset_id, key, (SELECT count(*) FROM found) AS found FROM found ${after} ORDER BY key DESC, asset_id DESC LIMIT ${limit}`);
  return matchesOf(rows, scope);
}

function rankAll(db: Reader, parameters: FindParameters, cap: number): Promise<Matches> {
  const query = sql`${tsqueryOf(parameters.terms)}::tsquery`;
  return ranked(db, parameters, sql`SELECT s.asset_id, ${scoreOf(query)} AS key FROM asset_search s WHERE ${where(conditionsIn(undefined, parameters, estimate(parameters, parameters.statistics)))} LIMIT ${cap}`, { cap, whole: true });
}

/** The most popular matches, and the most popular of those that have the words in title or tags: what else there is seldom comes first. */
async function rankBest(db: Reader, parameters: FindParameters, expected: Expected): Promise<Matches> {
  const { cursor, limit, terms, wanted, publisher, statistics } = parameters;
  const query = sql`${tsqueryOf(terms)}::tsquery`;
  const named = expected.named <= mostNamed ? [] : (expected.named * hotAssets(statistics.assets)) / statistics.assets <= mostNamed ? [sql`s.hot`] : undefined;
  const scope = scopeOf(expected, statistics, mostLookedAt);
  const first = (name: string): SQL => sql`SELECT asset_id FROM ${sql.raw(name)} ORDER BY popularity DESC, asset_id DESC LIMIT ${mostPopular}`;
  const matching = (conditions: SQL[]): SQL => sql`SELECT s.asset_id, s.popularity FROM asset_search s WHERE ${where(conditions)} LIMIT ${mostRead}`;
  const after = cursor ? sql`WHERE (key, asset_id) < (${cursor.key}::bigint, ${cursor.assetId}::bigint)` : sql``;
  const { rows } = await db.orm.execute<Row>(sql`WITH used AS MATERIALIZED (${matching(conditionsIn(scope, parameters, expected))})
    ${named ? sql`, named AS MATERIALIZED (${matching([...named, sql`ts_filter(s.document, '{a,b}') @@ ${query}`, ...conditionsOf(wanted, publisher).map(afterwards)])})` : sql``},
    found AS MATERIALIZED (SELECT s.asset_id, ${scoreOf(query)} AS key FROM asset_search s WHERE s.asset_id = ANY (ARRAY((${first('used')}) ${named ? sql`UNION (${first('named')})` : sql``})))
    SELECT asset_id, key, (SELECT count(*) FROM used) AS found FROM found ${after} ORDER BY key DESC, asset_id DESC LIMIT ${limit}`);
  return matchesOf(rows, { cap: mostRead, whole: scope === undefined });
}

type Sorted = FindParameters & { sort: Exclude<SearchSort, 'relevance'> };

async function sortAll(db: Reader, parameters: Sorted): Promise<Matches> {
  const { sort, cursor, limit } = parameters;
  const key = sortKeys[sort];
  const { rows } = await db.orm.execute<Row>(sql`WITH found AS MATERIALIZED (SELECT s.asset_id, s.popularity, s.trend, s.price, s.row_count, s.rating FROM asset_search s WHERE ${where(conditionsIn(undefined, parameters, estimate(parameters, parameters.statistics)))})
    SELECT s.asset_id, ${key.column} AS key, (SELECT count(*) FROM found) AS found FROM found s WHERE ${cursor ? key.after(cursor.key, cursor.assetId) : sql`true`} ORDER BY ${key.order} LIMIT ${limit}`);
  return matchesOf(rows, { cap: Infinity, whole: true });
}

/** `ended`: what is there was found; else there may be more behind the rows that were looked at. */
async function walk(db: Reader, parameters: Sorted, expected: Expected): Promise<Matches & { ended: boolean }> {
  const { sort, cursor, limit, statistics } = parameters;
  const key = sortKeys[sort];
  // The bound tells the planner that following the order is worth it.
  const most = Math.min(mostWalked, Math.max(500, Math.ceil((10 * limit * statistics.assets) / Math.max(1, expected.all))));
  const filters = conditionsIn(undefined, parameters, expected);
  const { rows } = await db.orm.execute<Row>(sql`SELECT s.asset_id, ${key.column} AS key, 0::bigint AS found FROM (SELECT s.asset_id, s.popularity, s.trend, s.price, s.row_count, s.rating, s.owner, s.facets, s.document FROM asset_search s
      WHERE s.listed AND ${cursor ? key.after(cursor.key, cursor.assetId) : sql`true`} ORDER BY ${key.order} LIMIT ${most}) s
    WHERE ${filters.length > 0 ? sql.join(filters, sql` AND `) : sql`true`} ORDER BY ${key.order} LIMIT ${limit}`);
  const { items } = matchesOf(rows, { cap: 0, whole: false });
  const plain = parameters.terms.length === 0 && parameters.wanted.length === 0 && parameters.publisher === undefined;
  const ended = items.length === limit || statistics.assets <= most;
  if (plain && statistics.assets <= fewAssets) return { items, ended, total: { count: await countListed(db), relation: 'exact' } };
  return { items, ended, total: { count: plain ? statistics.assets : items.length, relation: 'atLeast' } };
}

async function countListed(db: Reader): Promise<number> {
  const { rows: [row] } = await db.orm.execute<{ assets: bigint }>(sql`SELECT count(*) AS assets FROM asset_search WHERE listed`);
  return Number(row?.assets ?? 0);
}
