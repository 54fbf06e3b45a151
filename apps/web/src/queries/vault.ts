import type { JobDto, OrderDto } from '@neurodata/protocol';
import { type UseMutationOptions, useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { TableProfile } from '@neurodata/engine';
import { predictRows, profileTable } from '../workers/engine.ts';
import type { Predicted } from '../workers/engine.worker.ts';
import { openRunModel, unsealOrder } from '../workers/vault.ts';
import type { OpenedModel, Unsealed, VaultProgress } from '../workers/vault.worker.ts';

/** Opens what an order bought, in the vault's worker, with how far it is. */
export function useUnseal(onSuccess?: (file: Unsealed) => void): { unseal: UseMutationResult<Unsealed, Error, OrderDto>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const unseal = useMutation<Unsealed, Error, OrderDto>({
    mutationFn: ({ buyer, orderId }) => unsealOrder({ account: buyer, orderId }, { onProgress: setProgress }),
    ...(onSuccess ? { onSuccess } : {}),
  });
  return { unseal, progress };
}

/** Opens the model of a run that the account paid for. */
export const openModelMutation = (job: JobDto): UseMutationOptions<OpenedModel> => ({ mutationFn: () => openRunModel({ account: job.buyer, jobId: job.jobId }) });

/** Applies a model to the rows of a table, in the engine's worker. */
export const predictMutation = (model: Uint8Array): UseMutationOptions<Predicted, Error, string | Blob> => ({ mutationFn: (table) => predictRows({ model, table: new Blob([table]) }) });

/** Counts a file's rows and describes its columns. */
export const profileMutation = (): UseMutationOptions<TableProfile, Error, File> => ({ mutationFn: profileTable });
