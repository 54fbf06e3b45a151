import { encodeKeptStates } from '@neurodata/protocol';
import type { KeptStates } from '@neurodata/protocol';
import { encodeRunStates, sealArtifact } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { Job } from '../duty/readJob.ts';
import type { AskCheckpoints } from '../duty/runInThread.ts';
import { noBeat } from './createHeartbeat.ts';
import type { Beat } from './createHeartbeat.ts';
import type { WorkerSetup } from './setup.ts';

export type KeeperParameters = {
  setup: WorkerSetup;
  job: Job;
  engineId: Hex;
  /** Public key of the run's identity, see `deriveRunIdentity`. */
  recipient: Hex;
  ask: AskCheckpoints;
  /** What an earlier attempt has kept, and this one goes on from. */
  before: KeptStates['parts'];
  /** Steps that are kept so far, from 0 on. */
  count: number;
};

/**
 * Gives what keeps a run's states, each time those that came since, sealed for whoever may run the job after us. A state
 * that the engine has dropped is kept by its digest; the newest of a part has its own, to go on from.
 */
export function createKeeper(parameters: KeeperParameters): () => Promise<Beat> {
  const { setup: { client: whole, files }, job: { jobId, specDigest }, engineId, recipient, ask } = parameters;
  // Nobody needs these blocks once the run is over.
  const client = { ...whole, storage: files?.writing(whole.storage, jobId) ?? whole.storage };
  let { before: parts, count } = parameters;
  let last = noBeat;
  return async () => {
    // Once the run is over there is nothing more to keep.
    const made = await ask(count).catch(() => []);
    const fresh = made.slice(0, made.findLastIndex(({ state }) => state !== undefined) + 1);
    if (fresh.length === 0) return last;
    const { cid } = await sealArtifact({ client, bytes: encodeRunStates(fresh), recipients: [recipient] });
    parts = [...parts, { from: count, cid }];
    count += fresh.length;
    const { bytes, digest } = encodeKeptStates({ version: 1, jobId, specDigest, engineId, step: count - 1, parts });
    await client.storage.addRaw(bytes);
    last = { step: count - 1, checkpoint: digest };
    return last;
  };
}
