import { keptEvery } from '@neurodata/engine';
import { sha256Hex } from '@neurodata/protocol';
import type { Receipt } from '@neurodata/protocol';
import { foreignCheckpoint, openArtifact, parseCheckpoints, readLogs, toNeuroError } from '@neurodata/sdk';
import type { RunCheckpoint } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { expectFact, refuseIfWrong } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/** Opens a run's sealed model, which must be the receipt's, and its checkpoints. @throws Refusal */
export async function openSealedRun(context: CheckContext, { body: { jobId, sealed, modelDigest } }: Receipt): Promise<RunCheckpoint[]> {
  const model = await refuseIfWrong('The sealed model', openSealed(context, jobId, sealed.modelCid));
  expectFact(sha256Hex(model) === modelDigest, "The sealed model is not the receipt's.");
  const file = await refuseIfWrong('The sealed checkpoints', openSealed(context, jobId, sealed.checkpointsCid));
  return refuseIfWrong('The sealed checkpoints', Promise.resolve().then(() => parseCheckpoints(file)));
}

/** Refuses states that are not those of the receipt's digests, or that are not those which a run keeps. */
export function expectKept(checkpoints: readonly RunCheckpoint[], digests: readonly Hex[], chain: boolean): void {
  const foreign = foreignCheckpoint(checkpoints, digests);
  expectFact(foreign === undefined, `The sealed file does not hold checkpoint ${foreign} of the run.`);
  const kept = checkpoints.map(({ step, state }) => ({ step, bytes: state.length }));
  expectFact(keptEvery(chain ? 'chain' : 'whole', digests.length, kept) !== undefined, 'The sealed file does not hold the states that a run keeps.');
}

/** A validator that joined after the claim may be missing among the recipients through nobody's fault. */
export async function wasActiveAtClaim(context: CheckContext, jobId: Hex): Promise<boolean> {
  const { client, contracts, validatorId } = context.setup;
  const { publicClient } = client;
  const [claims, joins] = await Promise.all([
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.training, ...range, eventName: 'JobClaimed', args: { jobId }, strict: true })),
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'ValidatorRegistered', args: { validatorId }, strict: true })),
  ]);
  const [claimed, joined] = [claims.at(-1), joins.at(-1)];
  return claimed !== undefined && joined !== undefined && joined.blockNumber < claimed.blockNumber;
}

/** Opens it with our key, or with one that we had when it was sealed. */
async function openSealed({ setup, signal }: CheckContext, jobId: Hex, cid: string): Promise<Uint8Array> {
  const { identity, retired, files } = setup;
  const client = { ...setup.client, storage: files?.reading(setup.client.storage, jobId) ?? setup.client.storage };
  let failed: unknown;
  for (const one of [identity, ...retired]) {
    try {
      return await openArtifact({ client, cid, identity: one, signal });
    } catch (error) {
      failed ??= error;
      if (toNeuroError(error).code !== 'NO_KEY') throw error;
    }
  }
  throw failed;
}
