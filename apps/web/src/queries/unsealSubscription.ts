import type { SubscriptionDto } from '@neurodata/protocol';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { unsealSubscription } from '../workers/vault.ts';
import type { Unsealed, VaultProgress } from '../workers/vault.worker.ts';

/** Opens the newest version whose key a subscription was granted, in the vault's worker. */
export function useUnsealSubscription(onSuccess: (file: Unsealed) => void): { unseal: UseMutationResult<Unsealed, Error, SubscriptionDto>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const unseal = useMutation<Unsealed, Error, SubscriptionDto>({
    mutationFn: ({ account, subscriptionId }) => unsealSubscription({ account, subscriptionId }, { onProgress: setProgress }),
    onSuccess,
  });
  return { unseal, progress };
}
