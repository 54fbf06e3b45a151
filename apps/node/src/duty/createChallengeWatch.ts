import { jobStates, parseReceipt } from '@neurodata/protocol';
import { playChallenge, pokeChallenge, readChallenge, toNeuroError } from '@neurodata/sdk';
import type { ChallengeFacts, NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import type { Contracts } from './contracts.ts';
import { createFeed } from './createFeed.ts';
import { createLoop } from './createLoop.ts';
import type { Loop } from './createLoop.ts';
import { readClock } from './readClock.ts';
import { readJob } from './readJob.ts';
import type { Job } from './readJob.ts';

export type Sides = {
  /** Whether to speak for the receipt. */
  defends: boolean;
  /** The checkpoints to speak for, in as many leaves as the receipt has. */
  counter?: Hex[];
};

type Watched = { challengeId: number; notBefore: number; failures: number };

const LONGEST_WAIT_MS = 15_000;
/** A look at a game in which nothing is ours to do, milliseconds. */
const IDLE_MS = 1_000;

/**
 * Plays the challenges in which this role has a side, and does what anybody may: ends those whose clock has run out.
 * `sidesOf` says on which side of a challenge it is; `turn` (seconds) keeps those who would do the same apart.
 */
export function createChallengeWatch(parameters: {
  client: NeuroClient; contracts: Contracts; log: Log; turn: number; sidesOf: (challenge: ChallengeFacts, job: Job) => Promise<Sides>;
}): Loop {
  const { client, contracts, log } = parameters;
  const open = new Map<number, Watched>();
  const feed = createFeed({
    publicClient: client.publicClient,
    fromBlock: BigInt(client.config.deployment.block),
    read: (range) => client.publicClient.getContractEvents({ ...contracts.challenges, ...range, eventName: 'ChallengeOpened', strict: true }),
  });
  const seen = new Set<number>();
  return createLoop({
    name: 'challenges',
    log,
    tick: async (signal) => {
      for (const { args } of await feed.poll()) {
        const challengeId = Number(args.challengeId);
        if (!seen.has(challengeId)) open.set(challengeId, { challengeId, notBefore: 0, failures: 0 });
        seen.add(challengeId);
      }
      for (const watched of open.values()) {
        if (signal.aborted) return;
        if (watched.notBefore > performance.now()) continue;
        const over = await step(parameters, watched).catch((error: unknown) => postpone(log, watched, error));
        if (over) open.delete(watched.challengeId);
      }
    },
  });
}

function postpone(log: Log, watched: Watched, error: unknown): false {
  watched.failures += 1;
  watched.notBefore = performance.now() + Math.min(500 * 2 ** watched.failures, LONGEST_WAIT_MS);
  if (toNeuroError(error).code === 'REVERTED') log.debug({ err: error, challengeId: watched.challengeId }, 'somebody else was faster');
  else log.warn({ err: error, challengeId: watched.challengeId, failures: watched.failures }, 'a challenge cannot go on now');
  return false;
}

/** Whether nothing is left to do. */
async function step(parameters: Parameters<typeof createChallengeWatch>[0], watched: Watched): Promise<boolean> {
  const { client, log, turn, sidesOf } = parameters;
  const { challengeId } = watched;
  const challenge = await readChallenge({ client, challengeId });
  if (challenge.stage === 'over') return true;
  watched.notBefore = performance.now() + IDLE_MS;
  if (challenge.stage === 'refereed') return false;
  const job = await readJob(client, challenge.jobId);
  const state = jobStates[job.state];
  const pending = state === 'accepted' || state === 'rejected';
  const late = (await readClock(client)) - challenge.moveUntil;
  if (pending && challenge.stage === 'playing' && late <= 0) {
    const { defends, counter } = await sidesOf(challenge, job);
    if (!defends && !counter) return false;
    const receipt = counter || defends ? await receiptDigests(client, job.receiptDigest) : undefined;
    const sent = await playChallenge({ client, challengeId, ...(receipt ? { receipt } : {}), ...(counter ? { counter } : {}) });
    if (sent) log.info({ challengeId, jobId: challenge.jobId, hash: sent.hash }, 'showed checkpoints in a challenge');
    watched.failures = 0;
    return false;
  }
  const due = !pending || late > turn || challenge.stage === 'ready';
  if (due) await pokeChallenge({ client, challengeId });
  return false;
}

async function receiptDigests(client: NeuroClient, digest: Hex): Promise<Hex[] | undefined> {
  try {
    return parseReceipt(await client.storage.readRaw(rawCidOfDigest(digest))).body.checkpointDigests;
  } catch {
    // Who challenges can still show the other side.
    return undefined;
  }
}
