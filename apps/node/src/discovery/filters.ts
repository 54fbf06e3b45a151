import { NeuroError } from '@neurodata/protocol';
import type { FacetName, SearchFilter, SearchSort } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getAddress } from 'viem';
import { storable } from '../common/storable.ts';

/** One filter as facets, of which a row needs one. */
export type Wanted = { name: FacetName; facets: string[] };

const names = ['kind', 'category', 'license', 'price', 'size', 'rows', 'task', 'quality', 'verified', 'tag'] as const satisfies FacetName[];

export function wantedFacets(filter: SearchFilter): Wanted[] {
  return names.flatMap((name) => {
    const values = filter[name];
    return values ? [{ name, facets: values.map((value) => storable(`${name}:${name === 'tag' ? value.toLowerCase() : value}`)) }] : [];
  });
}

/** Facets as one parameter: the planner has to see them to know how rare they are, and drizzle would write a list of them as a row. */
const textArray = (values: readonly string[]): SQL => sql`${`{${values.map((value) => `"${value.replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`}::text[]`;

/** The same condition, which no index answers: PGlite keeps no statistics and would read all that one filter lets through. */
export const afterwards = (condition: SQL): SQL => sql`(${condition}) IS TRUE`;

/** What rows `s` must fit, besides words. */
export function conditionsOf(wanted: readonly Wanted[], publisher: string | undefined): SQL[] {
  return [
    ...wanted.map(({ facets }) => (facets.length === 1 ? sql`s.facets @> ${textArray(facets)}` : sql`s.facets && ${textArray(facets)}`)),
    ...(publisher === undefined ? [] : [sql`s.owner = ${getAddress(publisher)}`]),
  ];
}

type SortKey = { column: SQL; order: SQL; after: (key: string, id: number) => SQL };
const falling = (column: SQL, type: 'float8' | 'bigint'): SortKey => ({
  column, order: sql`${column} DESC, s.asset_id DESC`, after: (key, id) => sql`(${column}, s.asset_id) < (${key}::${sql.raw(type)}, ${id}::bigint)`,
});

/** How each order walks over `asset_search s`, and where it goes on after a row. */
export const sortKeys: Record<Exclude<SearchSort, 'relevance'>, SortKey> = {
  newest: { column: sql`s.asset_id`, order: sql`s.asset_id DESC`, after: (_, id) => sql`s.asset_id < ${id}::bigint` },
  popular: falling(sql`s.popularity`, 'bigint'),
  trending: falling(sql`s.trend`, 'float8'),
  price: { column: sql`s.price`, order: sql`s.price, s.asset_id DESC`, after: (key, id) => sql`s.price >= ${key}::float8 AND (s.price > ${key}::float8 OR s.asset_id < ${id}::bigint)` },
  rows: falling(sql`s.row_count`, 'bigint'),
  rating: falling(sql`s.rating`, 'bigint'),
};

export type Cursor = { sort: SearchSort; key: string; assetId: number };

export function writeCursor({ sort, key, assetId }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, key, assetId])).toString('base64url');
}

/** Throws BAD_INPUT for what is no cursor of this order. */
export function readCursor(text: string, sort: SearchSort): Cursor {
  try {
    const [said, key, assetId] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown, unknown];
    if (said === sort && typeof key === 'string' && /^(-?\d{1,22}(\.\d{1,20})?(e[+-]?\d{1,3})?|Infinity)$/.test(key) && Number.isSafeInteger(assetId)) return { sort, key, assetId: Number(assetId) };
  } catch {
    // Said below.
  }
  throw new NeuroError('This is no place in these results.', { code: 'BAD_INPUT', remedy: 'Start again without `cursor`; keep words, filters and sort from page to page.' });
}
