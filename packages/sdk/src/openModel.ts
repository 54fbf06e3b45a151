import { NeuroError, type Receipt, sha256Hex } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { openArtifact } from './artifacts.ts';
import { type RunCheckpoint, foreignCheckpoint, parseCheckpoints } from './checkpoints.ts';
import type { NeuroClient } from './createClient.ts';
import { storedIdentity } from './freshIdentity.ts';
import { readReceipt } from './readReceipt.ts';

/**
 * Opens the model and the checkpoints of a run that the account bought; both are compared with their digests. Of long runs
 * some states only are kept: `step` says which.
 * Throws `NOT_READY`, `NO_KEY`, `CONTENT_MISMATCH`.
 */
export async function openModel(parameters: { client: NeuroClient; jobId: Hex }): Promise<{ model: Uint8Array<ArrayBuffer>; receipt: Receipt; checkpoints: RunCheckpoint[] }> {
  const { client, jobId } = parameters;
  const { receipt, modelDigest, facts, spec } = await readReceipt({ client, jobId });
  if (spec.output === 'metrics') throw new NeuroError('A trial run gives rounded metrics and no model.', { code: 'NO_KEY', remedy: 'Buy a whole run, or the dataset.' });
  const identity = await storedIdentity(client, facts.recipientKey);
  const { modelCid, checkpointsCid } = receipt.body.sealed;
  const [model, states] = await Promise.all([openArtifact({ client, cid: modelCid, identity }), openArtifact({ client, cid: checkpointsCid, identity })]);
  if (sha256Hex(model) !== modelDigest) throw new NeuroError(`The model of job ${jobId} has another digest than the chain.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not use it: the worker sealed other bytes.' });
  const checkpoints = parseCheckpoints(states);
  const foreign = foreignCheckpoint(checkpoints, receipt.body.checkpointDigests);
  if (foreign !== undefined) {
    throw new NeuroError(`Checkpoint ${foreign} of job ${jobId} has another digest than its receipt.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not use them: the worker sealed other bytes.' });
  }
  return { model, receipt, checkpoints };
}
