import type { SampleChoice } from '@neurodata/engine';
import type { Description, StatisticsChoice, Terms } from '@neurodata/protocol';
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Address } from 'viem';
import type { Signer } from '../client/connect.ts';
import type { DescribedFile } from '../workers/fileContent.ts';
import type { LookedFolder } from '../workers/lookAtFolder.ts';
import { publishFile, publishFolderOf, publishSampleOf } from '../workers/vault.ts';
import type { VaultProgress } from '../workers/vault.worker.ts';
import { algorithmsQuery } from './algorithms.ts';
import { useOfferMutation } from './mutations.ts';

/** What is published, as it was when it was chosen: a table file; or a folder, with its main table where it has one. */
export type PublishSource = { file: File; table: DescribedFile } | { folder: LookedFolder; main?: { path: string; table: DescribedFile } };

/** A source with what is said of it and what it costs, in base units of NCR, or of `token` for downloads and subscriptions; a price that is absent is not offered. */
export type PublishInput = { source: PublishSource; description: Description; validatorsMayRead: boolean; /** Its key is told to everybody. */ open: boolean; statistics: StatisticsChoice; downloadPrice?: bigint; computePrice?: bigint; subscription?: { price: bigint; periodMinutes: number }; modelShareBps: number; /** Algorithms by name where it is not what is usual. */ admits: Record<string, boolean>; smallestLeaf: number; sample?: SampleChoice; token?: Address; /** The asset that it is the next version of; `before`: what `openFilesBefore` gave of the folder that it follows. */ next?: { assetId: number; before?: Blob } };

type PublishedVersion = { assetId: number; version: number };

/** Seals and registers a file or a folder in the vault's worker, makes its offers, then publishes its sample. */
export function usePublish(signer: Signer, onSuccess: (published: PublishedVersion) => void): { publish: UseMutationResult<PublishedVersion, Error, PublishInput>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const offer = useMutation(useOfferMutation());
  const queries = useQueryClient();
  const publish = useMutation<PublishedVersion, Error, PublishInput>({
    mutationFn: async (input) => {
      const { source, description, validatorsMayRead, open, statistics, sample, next } = input;
      const said = { signer, description, validatorsMayRead, open, statistics, ...(sample ? { sample } : {}), ...(next ? { next } : {}) };
      const { assetId, version } = await ('file' in source ? publishFile({ ...said, ...source }, { onProgress: setProgress }) : publishFolderOf({ ...said, ...source }, { onProgress: setProgress }));
      setProgress({ stage: 'offering', done: 0 });
      const algorithms = await queries.fetchQuery(algorithmsQuery());
      const admitted = algorithms.filter(({ name, copiesRows }) => input.admits[name] ?? !copiesRows).map(({ name }) => name);
      for (const one of offersOf(input, admitted)) await offer.mutateAsync({ assetId, firstVersion: version, ...one });
      const file = tableOf(source);
      if (sample && file) await publishSampleOf({ signer, file, description, validatorsMayRead, statistics, sample, assetId }, { onProgress: setProgress });
      return { assetId, version };
    },
    onSuccess,
  });
  return { publish, progress };
}

/** The file that samples are rows of. */
const tableOf = (source: PublishSource): File | undefined => ('file' in source ? source.file : source.folder.files.find(({ path }) => path === source.main?.path)?.file);

function offersOf(input: PublishInput, admitted: string[]): { terms: Terms; price: bigint; token?: Address; periodMinutes?: number }[] {
  const { description, validatorsMayRead, downloadPrice, computePrice, subscription, modelShareBps, smallestLeaf, token } = input;
  const paidIn = token ? { token } : {};
  const common = { version: 1, license: description.license, validatorsMayRead } as const;
  return [
    ...(downloadPrice === undefined ? [] : [{ ...paidIn, price: downloadPrice, terms: { ...common, kind: 'download' as const, algorithms: [], modelShareBps: 0 } }]),
    ...(computePrice === undefined ? [] : [{ price: computePrice, terms: { ...common, kind: 'compute' as const, algorithms: admitted, smallestLeaf, modelShareBps } }]),
    ...(subscription === undefined ? [] : [{ ...paidIn, ...subscription, terms: { ...common, kind: 'subscription' as const, algorithms: [], modelShareBps: 0 } }]),
  ];
}
