import type { AssetDto, AssetKind, AssetSummary, JobSpec, ListingDto, Terms } from '@neurodata/protocol';
import type { RunQuote } from '@neurodata/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import { t } from '../language/t.ts';

export type AssetSort = 'newest' | 'popular' | 'price';
export type AssetFilter = { q?: string; kind?: AssetKind; sort?: AssetSort };
type Page = { items: AssetSummary[]; next?: number | undefined };

export const assetsQuery = (filter: AssetFilter) =>
  infiniteQueryOptions({
    queryKey: ['assets', filter],
    queryFn: ({ pageParam, signal }): Promise<Page> => api.listAssets({ ...filter, limit: 24, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
  });

export const assetQuery = (assetId: number) =>
  queryOptions<AssetDto>({ queryKey: ['asset', assetId], queryFn: ({ signal }) => api.getAsset({ assetId }, { signal }), enabled: Number.isSafeInteger(assetId) && assetId > 0 });

/** One offer, whatever has become of it. */
export const listingQuery = (listingId: number) => queryOptions<ListingDto>({ queryKey: ['listing', listingId], queryFn: ({ signal }) => api.getListing({ listingId }, { signal }) });

/** A listing's terms, read by the digest that its event on chain names. */
export const termsQuery = (listing: Pick<ListingDto, 'listingId'> | undefined) =>
  queryOptions<Terms>({
    queryKey: ['terms', listing?.listingId],
    queryFn: async () => {
      const [client, { readTerms }] = await Promise.all([connect(), loadVerbs()]);
      return readTerms({ client, listingId: listing?.listingId ?? 0 });
    },
    enabled: listing !== undefined,
    staleTime: Infinity,
  });

/** What one run would cost and who could run it, as the contracts say. `train` is absent while the form is not complete. */
export const quoteQuery = ({ listingId, version, train, trial, account, purpose }: { listingId: number; version: number; train: JobSpec['train'] | undefined; trial: boolean; /** Of trials some are left to each. */ account: Address | undefined; purpose: JobSpec['purpose'] | undefined }) =>
  queryOptions<RunQuote>({
    // Of the spec only the limits and the purpose count.
    queryKey: ['quote', listingId, version, train?.algorithm, train?.limits, trial, trial ? account : undefined, purpose],
    queryFn: async () => {
      const [client, { expectTrialOffer, quoteRun }] = await Promise.all([connect(), loadVerbs()]);
      if (train === undefined) throw new Error(t`there is nothing to quote`);
      // Who reads has no account: whether one is left is asked apart.
      if (trial) await expectTrialOffer({ client, listingId, account });
      return quoteRun({ client, listingId, version, train, trial, ...(purpose ? { purpose } : {}) });
    },
    enabled: train !== undefined,
    placeholderData: (before) => before,
  });
