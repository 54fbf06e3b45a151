import { NeuroError, parseKeptStates } from '@neurodata/protocol';
import type { KeptStates } from '@neurodata/protocol';
import { openArtifact, parseRunStates, readLogs } from '@neurodata/sdk';
import type { RunState } from '@neurodata/sdk';
import type { Identity } from '@neurodata/sealing';
import { rawCidOfDigest } from '@neurodata/storage';
import { isAddressEqual, zeroHash } from 'viem';
import type { Address, Hex } from 'viem';
import type { Job } from '../duty/readJob.ts';
import type { WorkerSetup } from './setup.ts';

/** Of all states of a run: more than an engine keeps. A worker before us may have named anything. */
const MOST_BYTES = 512 * 1024 * 1024;

/** States of an earlier attempt. `ours`: this account kept them, and had checked what was not its own. */
export type EarlierStates = { states: RunState[]; parts: KeptStates['parts']; by: Address; ours: boolean };

/**
 * The newest states of a job that its heartbeats name and that can be read, of each of its workers the last ones; undefined
 * where there are none. They are whole in themselves, but only as true as whoever kept them.
 */
export async function findKeptStates(parameters: { setup: WorkerSetup; job: Job; engineId: Hex; identity: Identity; signal: AbortSignal }): Promise<EarlierStates | undefined> {
  const { setup: { client, contracts, account, log }, job, signal } = parameters;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.training, ...range, eventName: 'Heartbeat', args: { jobId: job.jobId }, strict: true }));
  const beats = new Map(logs.filter(({ args }) => args.checkpoint !== zeroHash).map(({ args }) => [args.worker, args.checkpoint]));
  for (const [worker, digest] of [...beats].toReversed()) {
    try {
      return { ...(await readStates({ ...parameters, digest })), by: worker, ours: isAddressEqual(worker, account) };
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, jobId: job.jobId, worker }, 'the states that a worker kept cannot be used');
    }
  }
  return undefined;
}

async function readStates(parameters: { setup: WorkerSetup; job: Job; engineId: Hex; identity: Identity; signal: AbortSignal; digest: Hex }): Promise<Pick<EarlierStates, 'states' | 'parts'>> {
  const { setup: { client: whole, files }, job, engineId, identity, signal, digest } = parameters;
  const client = { ...whole, storage: files?.reading(whole.storage, job.jobId) ?? whole.storage };
  const { parts, ...named } = parseKeptStates(await client.storage.readRaw(rawCidOfDigest(digest)));
  if (named.jobId !== job.jobId || named.specDigest !== job.specDigest || named.engineId !== engineId) throw refuse('they are of another run');
  const states: RunState[] = [];
  let left = MOST_BYTES;
  for (const { from, cid } of parts) {
    if (from !== states.length) throw refuse(`a file begins at step ${from}, not ${states.length}`);
    const bytes = await openArtifact({ client, cid, identity, mostBytes: left, signal });
    left -= bytes.length;
    states.push(...parseRunStates(bytes, from));
  }
  if (states.at(-1)?.state === undefined || states.length !== named.step + 1) throw refuse(`they end at step ${states.length - 1}, not with the state of step ${named.step}`);
  return { states, parts };
}

function refuse(problem: string): NeuroError {
  return new NeuroError(`The states of an earlier attempt cannot be used: ${problem}.`, { code: 'CONTENT_MISMATCH', remedy: 'Begin the run anew.' });
}
