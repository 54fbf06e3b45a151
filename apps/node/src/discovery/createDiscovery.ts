import { categories } from '@neurodata/protocol';
import type { userListsSchema } from '@neurodata/protocol';
import type { z } from 'zod';
import { sql } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { createCollections } from './createCollections.ts';
import type { Collections } from './createCollections.ts';
import { createLists } from './createLists.ts';
import type { Lists } from './createLists.ts';
import { createSavedSearches } from './createSavedSearches.ts';
import type { SavedSearches } from './createSavedSearches.ts';
import { recommend } from './recommend.ts';
import type { Recommended } from './recommend.ts';
import { findBoughtTogether, findSimilar } from './relatedAssets.ts';
import type { BoughtTogether, Similar } from './relatedAssets.ts';
import { searchAssets } from './searchAssets.ts';
import type { Found, Rerank, SearchQuery } from './searchAssets.ts';
import { createStatistics, fewAssets } from './statistics.ts';
import { suggest } from './suggest.ts';
import type { Suggestions } from './suggest.ts';

type UserLists = z.output<typeof userListsSchema>;
type Few = { assetId: number; limit?: number | undefined };
export type Counted = { items: { value: string; count: number }[]; estimated: boolean };

export type Discovery = {
  search(query: SearchQuery): Promise<Found>;
  suggest(parameters: { q: string; limit?: number | undefined }): Promise<Suggestions>;
  /** How many listed assets have each value of a filter. */
  count(name: 'category' | 'tag', limit: number): Promise<Counted>;
  similar(parameters: Few): Promise<Similar[]>;
  boughtTogether(parameters: Few): Promise<BoughtTogether[]>;
  recommend(who: Parameters<typeof recommend>[1]): Promise<Recommended[]>;
  lists: Lists;
  savedSearches: SavedSearches;
  collections: Collections;
  /** Everything that is kept for a user, to take along. */
  exportLists(userId: string): Promise<UserLists>;
};

export type CreateDiscoveryParameters = { db: Database; /** Unix seconds. */ now?: () => number; rerank?: Rerank };

/** Finding assets, and the lists that users keep. */
export function createDiscovery({ db, now = () => Math.floor(Date.now() / 1_000), rerank }: CreateDiscoveryParameters): Discovery {
  const statistics = createStatistics(db);
  const lists = createLists({ db, now });
  const savedSearches = createSavedSearches({ db, now });
  const collections = createCollections({ db, now });
  return {
    search: (query) => searchAssets({ db, statistics, rerank }, query),
    suggest: (parameters) => suggest({ db, statistics }, parameters),
    count: (name, limit) => countValues(db, name, limit),
    similar: (parameters) => findSimilar(db, parameters),
    boughtTogether: (parameters) => findBoughtTogether(db, parameters),
    recommend: (who) => recommend(db, who),
    lists, savedSearches, collections,
    exportLists: async (userId) => ({
      favourites: await lists.favourites(userId), watched: await lists.watched(userId), searches: await savedSearches.list(userId), alerts: await savedSearches.alerts(userId),
      collections: await Promise.all((await collections.listOwn(userId)).map(async (collection) => ({ ...collection, items: (await collections.get({ collectionId: collection.collectionId, userId })).items }))),
    }),
  };
}

/** Counted now where there are few assets, else as the statistics have it. */
async function countValues(db: Database, name: 'category' | 'tag', limit: number): Promise<Counted> {
  const prefix = `${name}:`;
  const { rows: [size] } = await db.orm.execute<{ assets: bigint }>(sql`SELECT count(*) AS assets FROM (SELECT 1 FROM asset_search WHERE listed LIMIT ${fewAssets + 1}) few`);
  const estimated = Number(size?.assets ?? 0) > fewAssets;
  const from = estimated ? sql`SELECT facet, uses::bigint AS uses FROM search_facets` : sql`SELECT facet, count(*) AS uses FROM asset_search s, unnest(s.facets) facet WHERE s.listed GROUP BY facet`;
  const { rows } = await db.orm.execute<{ facet: string; uses: bigint }>(sql`SELECT facet, uses FROM (${from}) f WHERE starts_with(facet, ${prefix}) ORDER BY uses DESC, facet LIMIT ${limit}`);
  const items = rows.map(({ facet, uses }) => ({ value: facet.slice(prefix.length), count: Number(uses) }));
  if (name === 'category') for (const value of categories) if (!items.some((item) => item.value === value)) items.push({ value, count: 0 });
  return { items, estimated };
}
