import { type Collection, NeuroError } from '@neurodata/protocol';
import { type UseMutationOptions, infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api } from '../client/api.ts';
import { useOwn } from './user.ts';

const PAGE = 25;
type Page = { items: Collection[]; next?: number | undefined };

/** Public collections, curators' first, page by page. */
export const collectionsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['collections'], queryFn: ({ pageParam, signal }): Promise<Page> => api.listCollections({ limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: undefined as number | undefined, getNextPageParam: (page: Page) => page.next,
  });

// Under `user`, so that whoever signs out keeps nothing.

/** The user's own collections, private ones too. */
export const ownCollectionsQuery = (enabled: boolean) =>
  queryOptions<Collection[]>({ queryKey: ['user', 'collections'], queryFn: async ({ signal }) => (await api.listOwnCollections(undefined, { signal })).items, enabled });

export type CollectionPage = Awaited<ReturnType<typeof api.getCollection>> & { own: boolean };

/** One collection with its assets: the user's own, else a public one. */
export const collectionQuery = (collectionId: string, signedIn: boolean) =>
  queryOptions<CollectionPage>({
    queryKey: ['user', 'collections', collectionId, signedIn],
    queryFn: async ({ signal }) => {
      const own = signedIn && (await api.listOwnCollections(undefined, { signal })).items.some((one) => one.collectionId === collectionId);
      return { ...(await (own ? api.getOwnCollection : api.getCollection)({ collectionId }, { signal })), own };
    },
    retry: (failures, error) => failures < 2 && !(error instanceof NeuroError && error.code === 'NOT_FOUND'),
  });

/** A change of collections, after which public lists are read again too. */
function useCollected<Input, Output>(act: (input: Input) => Promise<Output>): UseMutationOptions<Output, Error, Input> {
  const queries = useQueryClient();
  const { mutationFn } = useOwn(act);
  return { ...(mutationFn ? { mutationFn } : {}), onSettled: () => Promise.all([['user'], ['collections'], ['featured']].map((queryKey) => queries.invalidateQueries({ queryKey }))).then(() => undefined) };
}

/** Its own page, which is left then, is not read again. */
export function useDeleteCollectionMutation(): UseMutationOptions<unknown, Error, string> {
  const queries = useQueryClient();
  const { mutationFn } = useOwn((collectionId: string) => api.deleteCollection({ collectionId }));
  return { ...(mutationFn ? { mutationFn } : {}), onSettled: () => Promise.all([['user', 'collections'], ['collections']].map((queryKey) => queries.invalidateQueries({ queryKey, exact: true }))).then(() => undefined) };
}

export type CollectionInput = { title: string; description: string; public: boolean };

export const useCreateCollectionMutation = () => useCollected((input: CollectionInput) => api.createCollection(input));
export const useChangeCollectionMutation = () => useCollected((input: CollectionInput & { collectionId: string }) => api.changeCollection(input));
export const useCollectMutation = () => useCollected((input: { collectionId: string; assetId: number; note: string }) => api.addToCollection(input));
export const useUncollectMutation = () => useCollected((input: { collectionId: string; assetId: number }) => api.removeFromCollection(input));
export const useSetFeaturedMutation = () => useCollected((items: { assetId: number; note: string }[]) => api.setFeatured({ items }));
