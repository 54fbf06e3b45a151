import { type Description, NeuroError, assetRegistryAbi, sha256Hex } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { cardMarkdown } from './card/cardMarkdown.ts';
import { modelCard } from './card/modelCard.ts';
import type { NeuroClient } from './createClient.ts';
import { inheritTerms } from './inheritTerms.ts';
import { type PublishResult, publishResult, publishingFee, publishingPermit } from './publishAsset.ts';
import { readReceipt } from './readReceipt.ts';
import { type PublishProgress, sealVersion } from './sealVersion.ts';

export type PublishModelParameters = {
  client: NeuroClient;
  jobId: Hex;
  /** The model's bytes, as `openModel` gives them. */
  model: Uint8Array;
  description: Description;
  /** Whether validators may open it to check that it is the run's model: false unless chosen. */
  validatorsMayRead?: boolean;
  threshold?: number;
  committee?: number[];
  onProgress?: (progress: PublishProgress) => void;
};

/**
 * Publishes the model of a settled job as an asset whose lineage the chain proves. Only the job's buyer can, once. The
 * manifest holds the model's card and the dataset's limits.
 * Throws `CONFLICT` where the dataset's terms or the run's purpose forbid it, or its licence is looser than the dataset's, `CONTENT_MISMATCH` where the bytes are not the job's model; otherwise as `publishAsset`.
 */
export async function publishModel(parameters: PublishModelParameters): Promise<PublishResult> {
  const { client, jobId, model, onProgress, ...rest } = parameters;
  const { receipt, receiptDigest, spec, modelDigest } = await readReceipt({ client, jobId });
  if (sha256Hex(model) !== modelDigest) throw new NeuroError('These bytes are not the model of that run.', { code: 'CONTENT_MISMATCH', remedy: 'Open the model from its run again.' });
  if (spec.output === 'metrics') throw new NeuroError('A trial run gives rounded metrics and no model.', { code: 'CONFLICT', remedy: 'Publish the model of a whole run.' });
  if (spec.purpose?.sharesResult === false) throw new NeuroError('The run was opened with the promise that what comes of it is not passed on.', { code: 'CONFLICT', remedy: 'Keep the model for yourself, or run again for a purpose that lets you pass it on.' });
  const description = await inheritTerms({ client, description: parameters.description, parents: [spec.input] });
  const { algorithm, target } = spec.train;
  const card = cardMarkdown(modelCard({ title: parameters.description.title, receipt, spec, receiptDigest }));
  const sealed = await sealVersion({
    ...rest, client, description,
    content: () => once(model), size: model.length, fileName: 'model.ndm', mediaType: 'application/octet-stream',
    model: { jobId, modelDigest, receiptDigest, algorithm, target, classes: receipt.body.metrics.classes, card },
    ...(onProgress ? { onProgress } : {}),
  });
  onProgress?.({ stage: 'registering', done: 0, total: 1 });
  const sent = await client.send({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'publishModel',
    args: [jobId, sealed.input, await publishingPermit(client, await publishingFee(client))], sentence: `Publish the model "${parameters.description.title}"`,
  });
  onProgress?.({ stage: 'registering', done: 1, total: 1 });
  return publishResult(sealed, sent);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
