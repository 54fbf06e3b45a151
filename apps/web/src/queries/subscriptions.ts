import type { SubscriptionDto } from '@neurodata/protocol';
import { queryOptions, useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { unsealSubscription } from '../workers/vault.ts';
import type { Unsealed, VaultProgress } from '../workers/vault.worker.ts';

export const subscriptionsQuery = (filter: { account?: Address | undefined; seller?: Address | undefined; assetId?: number }) =>
  queryOptions<SubscriptionDto[]>({
    queryKey: ['subscriptions', filter],
    queryFn: async ({ signal }) => {
      const known = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as { account?: Address; seller?: Address; assetId?: number };
      return (await api.listSubscriptions({ ...known, limit: 100 }, { signal })).items;
    },
  });

/** Opens the newest version whose key a subscription was granted, in the vault's worker. */
export function useUnsealSubscription(onSuccess: (file: Unsealed) => void): { unseal: UseMutationResult<Unsealed, Error, SubscriptionDto>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const unseal = useMutation<Unsealed, Error, SubscriptionDto>({
    mutationFn: ({ account, subscriptionId }) => unsealSubscription({ account, subscriptionId }, { onProgress: setProgress }),
    onSuccess,
  });
  return { unseal, progress };
}
