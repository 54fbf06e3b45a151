import type { SubscriptionDto } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';

export const subscriptionsQuery = (filter: { account?: Address | undefined; seller?: Address | undefined; assetId?: number }) =>
  queryOptions<SubscriptionDto[]>({
    queryKey: ['subscriptions', filter],
    queryFn: async ({ signal }) => {
      const known = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as { account?: Address; seller?: Address; assetId?: number };
      return (await api.listSubscriptions({ ...known, limit: 100 }, { signal })).items;
    },
  });
