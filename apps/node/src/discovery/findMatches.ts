import type { SearchSort } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Reader } from '../db/openDatabase.ts';
import { conditionsOf, sortKeys } from './filters.ts';
import type { Cursor, Wanted } from './filters.ts';
import { tsqueryOf } from './readTerms.ts';
import type { Term } from './readTerms.ts';
import { fewAssets } from './statistics.ts';
import type { Statistics } from './statistics.ts';

/** Up to so many expected matches all are ranked; of more, some are taken first and those are ranked. */
export const mostRanked = 2_000;
/** Of an order's rows, so many are looked at; and of those that match, so many ranked. */
const mostWalked = 20_000;
const mostWalkedMatches = 500;
/** From this part of all assets on, a word is common: some of the most popular assets have it. */
const commonShare = 0.06;

/**
 * How well a row fits: the words, those of the title most (ts_rank with weights for description, columns, tags and title),
 * and how much it is used. In millionths, so that a cursor is exact.
 */
export const scoreOf = (query: SQL): SQL => sql`round(((ts_rank('{0.1,0.25,0.5,1}', s.document, ${query}) + 0.1 * ln(1 + s.popularity)) * 1000000)::numeric)::bigint`;

export type Matching = { terms: Term[]; wanted: Wanted[]; publisher?: string | undefined };
export type Match = { assetId: number; key: string };
export type Matches = { items: Match[]; total: { count: number; relation: 'exact' | 'atLeast' } };
type FindParameters = Matching & { sort: SearchSort; cursor?: Cursor | undefined; limit: number; statistics: Statistics };

/** About how many assets match, were words and filters independent. */
export function estimate({ terms, wanted, publisher }: Matching, { assets, facets }: Statistics): number {
  const shares = [
    ...terms.map(({ uses }) => uses / assets),
    ...wanted.map((filter) => filter.facets.reduce((sum, facet) => sum + (facets.get(facet) ?? 0), 0) / assets),
    ...(publisher === undefined ? [] : [0]),
  ];
  return shares.reduce((product, share) => product * Math.min(1, share), assets);
}

/**
 * One page of what matches. PostgreSQL is told the way rather than asked for it: ranking every match of a common word takes
 * seconds among a million, and PGlite keeps no statistics of its own. Few matches are ranked all; of common words the most
 * popular assets are walked over; in between the words are looked up among the most popular twentieth.
 */
export async function findMatches(db: Reader, parameters: FindParameters): Promise<Matches> {
  const { sort, limit, statistics } = parameters;
  const expected = estimate(parameters, statistics);
  if (sort === 'relevance') {
    if (expected <= mostRanked) return rankAll(db, parameters);
    const quick = expected >= commonShare * statistics.assets ? await rankPopular(db, parameters) : await rankHot(db, parameters);
    return quick.items.length < limit && parameters.cursor === undefined ? rankAll(db, parameters) : quick;
  }
  if (expected <= mostRanked && (parameters.terms.length > 0 || parameters.wanted.length > 0 || parameters.publisher !== undefined)) return sortAll(db, { ...parameters, sort });
  const walked = await walk(db, { ...parameters, sort });
  return walked.ended ? walked : sortAll(db, { ...parameters, sort });
}

const where = (conditions: SQL[]): SQL => sql.join([sql`s.listed`, ...conditions], sql` AND `);

function conditions({ terms, wanted, publisher }: Matching): SQL[] {
  return [...(terms.length > 0 ? [sql`s.document @@ ${tsqueryOf(terms)}::tsquery`] : []), ...conditionsOf(wanted, publisher)];
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

function scored({ terms }: Matching, from: SQL, conditions: SQL[], limit: number): SQL {
  return sql`SELECT s.asset_id, ${scoreOf(sql`${tsqueryOf(terms)}::tsquery`)} AS key FROM ${from} s WHERE ${where(conditions)} LIMIT ${limit}`;
}

function rankAll(db: Reader, parameters: FindParameters): Promise<Matches> {
  const cap = 2 * mostRanked;
  return ranked(db, parameters, scored(parameters, sql`asset_search`, conditions(parameters), cap), { cap, whole: true });
}

function rankHot(db: Reader, parameters: FindParameters): Promise<Matches> {
  return ranked(db, parameters, scored(parameters, sql`asset_search`, [sql`s.hot`, ...conditions(parameters)], mostRanked), { cap: mostRanked, whole: false });
}

function rankPopular(db: Reader, parameters: FindParameters): Promise<Matches> {
  const popular = sql`(SELECT * FROM asset_search s WHERE s.listed ORDER BY s.popularity DESC, s.asset_id DESC LIMIT ${mostWalked})`;
  return ranked(db, parameters, scored(parameters, popular, conditions(parameters), mostWalkedMatches), { cap: mostWalkedMatches, whole: false });
}

type Sorted = FindParameters & { sort: Exclude<SearchSort, 'relevance'> };

async function sortAll(db: Reader, parameters: Sorted): Promise<Matches> {
  const { sort, cursor, limit } = parameters;
  const key = sortKeys[sort];
  const { rows } = await db.orm.execute<Row>(sql`WITH found AS MATERIALIZED (SELECT s.asset_id, s.popularity, s.trend, s.price, s.row_count, s.rating FROM asset_search s WHERE ${where(conditions(parameters))})
    SELECT s.asset_id, ${key.column} AS key, (SELECT count(*) FROM found) AS found FROM found s WHERE ${cursor ? key.after(cursor.key, cursor.assetId) : sql`true`} ORDER BY ${key.order} LIMIT ${limit}`);
  return matchesOf(rows, { cap: Infinity, whole: true });
}

/** `ended`: what is there was found; else there may be more behind the rows that were looked at. */
async function walk(db: Reader, parameters: Sorted): Promise<Matches & { ended: boolean }> {
  const { sort, cursor, limit, statistics } = parameters;
  const key = sortKeys[sort];
  const { rows } = await db.orm.execute<Row>(sql`SELECT s.asset_id, ${key.column} AS key, 0::bigint AS found FROM (SELECT * FROM asset_search s WHERE s.listed AND ${cursor ? key.after(cursor.key, cursor.assetId) : sql`true`}
    ORDER BY ${key.order} LIMIT ${mostWalked}) s WHERE ${where(conditions(parameters))} ORDER BY ${key.order} LIMIT ${limit}`);
  const { items } = matchesOf(rows, { cap: 0, whole: false });
  const plain = parameters.terms.length === 0 && parameters.wanted.length === 0 && parameters.publisher === undefined;
  const ended = items.length === limit || statistics.assets <= mostWalked;
  if (plain && statistics.assets <= fewAssets) return { items, ended, total: { count: await countListed(db), relation: 'exact' } };
  return { items, ended, total: { count: plain ? statistics.assets : items.length, relation: 'atLeast' } };
}

async function countListed(db: Reader): Promise<number> {
  const { rows: [row] } = await db.orm.execute<{ assets: bigint }>(sql`SELECT count(*) AS assets FROM asset_search WHERE listed`);
  return Number(row?.assets ?? 0);
}
