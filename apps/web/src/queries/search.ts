import type { FacetName, Featured, Recommendations, SearchQuery, SearchResult, Similar } from '@neurodata/protocol';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../client/api.ts';

/** What the address of the front page asks for. */
export type SearchWish = Omit<SearchQuery, 'cursor' | 'limit' | 'facets' | 'publisher'>;
export const filterNames = ['category', 'license', 'price', 'size', 'rows', 'task', 'quality', 'verified', 'tag'] as const satisfies FacetName[];

// Below "assets", so that it is read again when an asset changes.
export const searchQuery = (wish: SearchWish) =>
  infiniteQueryOptions({
    queryKey: ['assets', 'search', wish],
    queryFn: ({ pageParam, signal }): Promise<SearchResult> => api.searchAssets({ ...wish, limit: 24, ...(pageParam === undefined ? { facets: true } : { cursor: pageParam }) }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** What this node's curators put first. */
export const featuredQuery = () => queryOptions<Featured['items']>({ queryKey: ['featured'], queryFn: async ({ signal }) => (await api.listFeatured(undefined, { signal })).items });

/** A few assets like this one. */
export const similarQuery = (assetId: number) => queryOptions<Similar['items']>({ queryKey: ['assets', 'similar', assetId], queryFn: async ({ signal }) => (await api.listSimilar({ assetId, limit: 4 }, { signal })).items });

/** What may interest a wallet; nothing without a history, since the page shows the rest anyway. */
export const recommendationsQuery = (address: `0x${string}` | undefined) =>
  queryOptions<Recommendations['items']>({
    queryKey: ['account', 'recommendations', address],
    queryFn: async ({ signal }) => (await api.recommendForAccount({ address: address!, limit: 3 }, { signal })).items.filter(({ reason }) => reason.because !== 'trending'),
    enabled: address !== undefined,
  });
