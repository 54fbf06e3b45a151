import type { SearchResult, searchQuerySchema } from '@neurodata/protocol';
import type { z } from 'zod';
import type { Reader } from '../db/openDatabase.ts';
import { countFacets } from './countFacets.ts';
import { readCursor, wantedFacets, writeCursor } from './filters.ts';
import type { Cursor } from './filters.ts';
import { findMatches } from './findMatches.ts';
import type { Match, Matches, Matching } from './findMatches.ts';
import { readTerms, searchWordsOf } from './readTerms.ts';
import type { Statistics } from './statistics.ts';

export type SearchQuery = z.output<typeof searchQuerySchema>;
export type Found = Omit<SearchResult, 'items'> & { assetIds: number[] };

/** Puts candidates in another order, best first; undefined where it has nothing to say. */
export type Rerank = (query: string, assetIds: readonly number[]) => Promise<number[] | undefined>;

const pageSize = 24;
/** So many of the best are put in order by meaning. */
const reranked = 100;

/** Finds one page of assets, the ids in order. */
export async function searchAssets(deps: { db: Reader; statistics: () => Promise<Statistics>; rerank?: Rerank | undefined }, query: SearchQuery): Promise<Found> {
  const { db } = deps;
  const { q = '', limit = pageSize } = query;
  const words = searchWordsOf(q).length > 0;
  const sort = query.sort ?? (words ? 'relevance' : 'newest');
  const nothing: Found = { assetIds: [], total: { count: 0, relation: 'exact' }, corrections: [], semantic: false, ...(query.facets ? { facets: { estimated: false, counts: noCounts } } : {}) };
  if (q.trim() !== '' && !words) return nothing;
  const read = await readTerms(db, q);
  if (!read) return nothing;
  const matching: Matching = { terms: read.terms, wanted: wantedFacets(query), publisher: query.publisher };
  const order = sort === 'relevance' && read.terms.length === 0 ? 'popular' : sort;
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, order);
  const statistics = await deps.statistics();
  const find = (from: Cursor | undefined, most: number): Promise<Matches> => findMatches(db, { ...matching, sort: order, cursor: from, limit: most, statistics });
  const [page, facets] = await Promise.all([
    order === 'relevance' && deps.rerank && isAmongBest(cursor) ? pageByMeaning({ find, rerank: deps.rerank, q, limit, from: cursor ? -Number(cursor.key) : 0 }) : pageByWords(find, { limit, cursor }),
    query.facets ? countFacets(db, matching, statistics) : undefined,
  ]);
  const { next, ...found } = page;
  return { ...found, corrections: read.corrections, ...(facets ? { facets } : {}), ...(next ? { next: writeCursor({ sort: order, ...next }) } : {}) };
}

type Find = (from: Cursor | undefined, most: number) => Promise<Matches>;
type Page = Pick<Found, 'assetIds' | 'total' | 'semantic'> & { next: Match | undefined };

async function pageByWords(find: Find, { limit, cursor }: { limit: number; cursor: Cursor | undefined }): Promise<Page> {
  const { items, total } = await find(cursor, limit + 1);
  return { assetIds: items.slice(0, limit).map(({ assetId }) => assetId), total, semantic: false, next: items.length > limit ? items[limit - 1] : undefined };
}

/** Places among the best are counted below zero, where no score is. */
const isAmongBest = (cursor: Cursor | undefined): boolean => cursor === undefined || cursor.key.startsWith('-');

/** The best by words in order of their meaning, page by page; behind them it goes on by words. */
async function pageByMeaning({ find, rerank, q, limit, from }: { find: Find; rerank: Rerank; q: string; limit: number; from: number }): Promise<Page> {
  const { items, total } = await find(undefined, reranked + 1);
  const best = items.slice(0, reranked).map(({ assetId }) => assetId);
  const meant = await rerank(q, best);
  const assetIds = (meant ?? best).slice(from, from + limit);
  const next = from + limit < best.length ? { key: `-${from + limit}`, assetId: 0 } : items.length > reranked ? items[reranked - 1] : undefined;
  return { assetIds, total, semantic: meant !== undefined, next };
}

const noCounts = { kind: [], category: [], license: [], price: [], size: [], rows: [], task: [], quality: [], verified: [], tag: [] };
