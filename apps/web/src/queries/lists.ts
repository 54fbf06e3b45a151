import type { AssetSummary, DiscoveryAlert, Recommendations, SavedSearch } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../client/api.ts';
import { useOwn } from './user.ts';

/** The two lists of assets that an account keeps. */
export type ListName = 'favourites' | 'watched';
export type Listed = { asset: AssetSummary; at: number };

export const listQuery = (name: ListName, enabled: boolean) =>
  queryOptions<Listed[]>({ queryKey: ['user', 'lists', name], queryFn: async ({ signal }) => (await (name === 'favourites' ? api.listFavourites : api.listWatched)(undefined, { signal })).items, enabled });

export const savedSearchesQuery = () => queryOptions<SavedSearch[]>({ queryKey: ['user', 'lists', 'searches'], queryFn: async ({ signal }) => (await api.listSavedSearches(undefined, { signal })).items });

export const alertsQuery = () => queryOptions<DiscoveryAlert[]>({ queryKey: ['user', 'lists', 'alerts'], queryFn: async ({ signal }) => (await api.listAlerts(undefined, { signal })).items });

/** What may interest the user, by what the linked wallets bought and ran, and by favourites. */
export const userRecommendationsQuery = (enabled: boolean) =>
  queryOptions<Recommendations['items']>({ queryKey: ['user', 'lists', 'recommendations'], queryFn: async ({ signal }) => (await api.recommendForUser({ limit: 3 }, { signal })).items.filter(({ reason }) => reason.because !== 'trending'), enabled });

/** Puts an asset on a list, or takes it off. */
export const useListMutation = (name: ListName) => useOwn(({ assetId, on }: { assetId: number; on: boolean }) => {
  if (name === 'favourites') return on ? api.addFavourite({ assetId }) : api.removeFavourite({ assetId });
  return on ? api.addWatch({ assetId }) : api.removeWatch({ assetId });
});

export const useSaveSearchMutation = () => useOwn((input: { name: string; query: string; alerts: boolean }) => api.saveSearch(input));

export const useDeleteSearchMutation = () => useOwn((searchId: string) => api.deleteSavedSearch({ searchId }));
