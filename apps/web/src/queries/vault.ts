import type { ModelInfo } from '@neurodata/engine';
import type { JobDto, OrderDto } from '@neurodata/protocol';
import type { DownloadProof } from '@neurodata/sdk';
import { type UseMutationOptions, queryOptions, useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Address } from 'viem';
import { predictRows, profileTable, readModel } from '../workers/engine.ts';
import type { Predicted, ReadingProgress } from '../workers/engine.worker.ts';
import type { DescribedFile } from '../workers/fileContent.ts';
import type { ChosenFolder, LookedFolder } from '../workers/lookAtFolder.ts';
import type { SavedFolder } from '../workers/saveFolder.ts';
import { lookAtFolder, openRunModel, saveFolderOf, unsealOrder } from '../workers/vault.ts';
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

/** By what an account may open a version: an order, or a subscription. */
export type Held = { account: Address; proof: DownloadProof; assetId: number; version: number };

/** Saves the folder that somebody holds, with how far it is: into a place, or else as an archive. */
export function useSaveFolder({ held: { account, proof }, onSaved }: { held: Held; onSaved: (saved: SavedFolder) => void }): { save: UseMutationResult<SavedFolder, Error, FileSystemDirectoryHandle | undefined>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const save = useMutation<SavedFolder, Error, FileSystemDirectoryHandle | undefined>({
    mutationFn: (place) => saveFolderOf({ account, proof, place }, { onProgress: setProgress }),
    onSuccess: onSaved,
  });
  return { save, progress };
}

/** Looks what is in a folder, with how far it is; the last one that was chosen. */
export function useLookAtFolder(): { look: UseMutationResult<LookedFolder, Error, ChosenFolder>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const last = useRef<AbortController>(undefined);
  const look = useMutation<LookedFolder, Error, ChosenFolder>({
    mutationFn: (folder) => {
      last.current?.abort();
      last.current = new AbortController();
      setProgress(undefined);
      return lookAtFolder(folder, { onProgress: setProgress, signal: last.current.signal });
    },
  });
  return { look, progress };
}

/** Opens the model of a run that the account paid for. */
export const openModelMutation = (job: JobDto): UseMutationOptions<OpenedModel> => ({ mutationFn: () => openRunModel({ account: job.buyer, jobId: job.jobId }) });

/** What a model is and needs, read in the engine's worker. `id`: of who shows it. */
export const modelInfoQuery = (id: string, model: Blob) => queryOptions<ModelInfo>({ queryKey: ['model-info', id], queryFn: () => readModel(model), staleTime: Infinity });

/** Applies a model to the rows of a table, in the engine's worker. */
export const predictMutation = (model: Blob): UseMutationOptions<Predicted, Error, string | Blob> => ({ mutationFn: (table) => predictRows({ model, table: new Blob([table]) }) });

/** Counts a file's rows and describes its columns. */
export function useProfile(): { profile: UseMutationResult<DescribedFile, Error, File>; reading: ReadingProgress | undefined } {
  const [reading, setReading] = useState<ReadingProgress>();
  const last = useRef<AbortController>(undefined);
  const profile = useMutation<DescribedFile, Error, File>({
    mutationFn: (file) => {
      last.current?.abort();
      last.current = new AbortController();
      setReading(undefined);
      return profileTable(file, { onProgress: setReading, signal: last.current.signal });
    },
  });
  return { profile, reading };
}
