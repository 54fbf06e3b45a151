import { type Description, type Evaluation, type ModelReport, NeuroError, type Terms } from '@neurodata/protocol';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Signer } from '../client/connect.ts';
import { type ModelDraft, askedOf, evaluationOf } from '../components/publish/modelDraft.ts';
import { t } from '../language/t.ts';
import { testModel } from '../workers/modelTest.ts';
import { nameTable, publishOnnx } from '../workers/vault.ts';
import type { VaultProgress } from '../workers/vault.worker.ts';
import { useOfferMutation } from './mutations.ts';

export type MeasureInput = { draft: ModelDraft; onnx: File; table: File | undefined };
/** A test in this browser. `asked`: what it depends on. */
export type Measured = { report: ModelReport; asked: string; evaluation?: Evaluation; rows?: Blob };

/** Does the test that validators will do: reads the model, and measures it where a table is declared. */
export const measureMutation = (signer: Signer) => ({
  mutationFn: async ({ draft, onnx, table }: MeasureInput): Promise<Measured> => {
    const asked = askedOf(draft, { onnx, table });
    if (draft.measureOn === 'nothing') return { asked, report: await testModel({ onnx, table: new Blob(), options: { target: null, claims: {} } }) };
    if (draft.measureOn === 'file' && !table) throw new NeuroError(t`No table was chosen.`, { code: 'BAD_INPUT', remedy: t`Choose the CSV file that the model is measured on.` });
    const source = table && draft.measureOn === 'file' ? table : { kind: 'asset' as const, assetId: wholeOf(draft.assetId), version: wholeOf(draft.assetVersion) };
    // What cannot be declared is refused before anything is bought.
    evaluationOf(draft, { kind: 'asset', assetId: 1, version: 1 });
    const named = await nameTable({ signer, table: source });
    const evaluation = evaluationOf(draft, named.table);
    return { asked, evaluation, rows: named.rows, report: await testModel({ onnx, table: named.rows, options: evaluation }) };
  },
});

function wholeOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text.trim())) return Number(text);
  throw new NeuroError(t`"${text.trim()}" is no number of a dataset or a version.`, { code: 'BAD_INPUT', remedy: t`Name a free dataset by its number, and one of its versions.` });
}

export type PublishOnnxInput = { onnx: File; description: Description; validatorsMayRead: boolean; price?: bigint; measured: Measured };

/** Seals and registers a tested model, then offers it. Gives the asset's id. */
export function usePublishOnnx(signer: Signer, onSuccess: (assetId: number) => void): { publish: UseMutationResult<number, Error, PublishOnnxInput>; progress: VaultProgress | undefined } {
  const [progress, setProgress] = useState<VaultProgress>();
  const offer = useMutation(useOfferMutation());
  const publish = useMutation<number, Error, PublishOnnxInput>({
    mutationFn: async ({ onnx, description, validatorsMayRead, price, measured: { evaluation, rows } }) => {
      const { assetId, version } = await publishOnnx({ signer, file: onnx, description, validatorsMayRead, ...(evaluation ? { evaluation } : {}), ...(rows ? { rows } : {}) }, { onProgress: setProgress });
      setProgress({ stage: 'offering', done: 0 });
      const terms: Terms = { version: 1, kind: 'download', license: description.license, validatorsMayRead, algorithms: [], modelShareBps: 0 };
      if (price !== undefined) await offer.mutateAsync({ assetId, firstVersion: version, price, terms });
      return assetId;
    },
    onSuccess,
  });
  return { publish, progress };
}
