import { jobStates } from '@neurodata/protocol';
import { accuseMember, challengeRun, counterTreeOf, finalizeRun, readRound } from '@neurodata/sdk';
import type { ChallengeFacts } from '@neurodata/sdk';
import { isAddressEqual } from 'viem';
import type { Hex } from 'viem';
import { createChallengeWatch } from '../duty/createChallengeWatch.ts';
import type { Sides } from '../duty/createChallengeWatch.ts';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { hasContested } from '../duty/hasContested.ts';
import { readClock } from '../duty/readClock.ts';
import { readJob } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import { revertOf } from '../duty/revertOf.ts';
import { createSideBySide } from '../duty/sideBySide.ts';
import type { Tended } from '../duty/sideBySide.ts';
import type { Duty, DutyStore } from './duties.ts';
import type { ValidatorSetup } from './setup.ts';

type Audited = Tended & { jobId: Hex; failures: number; /** Said once that nothing can be done about it. */ told?: boolean };
type Audit = { setup: ValidatorSetup; duties: DutyStore; challenges: boolean };

const LONGEST_WAIT_MS = 5_000;
/** Between two looks at a chain that is away: the window may be short. */
const LONGEST_PAUSE_MS = 2_000;
/** While a run can be questioned it is looked at again so often: a reorganisation may take back what was said of it. */
const LOOK_AGAIN_MS = 4_000;
/** Of a long window, the part of what is left of it that passes before the next look. */
const LOOK_AGAIN_SHARE = 8;
/** Longer than a transaction takes, so that the first one's is seen by the second. */
const TURN_MS = 700;
/** Left to the run's worker, who is paid by it, before validators end a run. */
const GRACE_SECONDS = 3;

/**
 * Looks after runs between their verdict and their end: challenges a receipt that the others accepted and this validator
 * found wrong, accuses members whose evidence nobody could have who did the work, and ends what was not challenged.
 */
export function createAudit(parameters: Audit): Loop {
  const { client, contracts, log } = parameters.setup;
  const open = new Map<Hex, Audited>();
  const feed = createFeed({
    publicClient: client.publicClient,
    fromBlock: BigInt(client.config.deployment.block),
    read: async (range) => {
      const query = { ...contracts.training, ...range, strict: true } as const;
      return [...(await client.publicClient.getContractEvents({ ...query, eventName: 'JobAccepted' })), ...(await client.publicClient.getContractEvents({ ...query, eventName: 'JobRejected' }))];
    },
  });
  const runs = createSideBySide<Audited>(async (run) => {
    const over = await step(parameters, run).catch((error: unknown) => postpone(parameters, run, error));
    if (over) open.delete(run.jobId);
  });
  const loop = createLoop({
    name: 'audit',
    longestWaitMs: LONGEST_PAUSE_MS,
    log,
    tick: async (signal) => {
      try {
        for (const { args: { jobId } } of await feed.poll()) {
          if (!open.has(jobId)) open.set(jobId, { jobId, notBefore: 0, failures: 0 });
        }
      } finally {
        runs.visit(open.values(), signal);
      }
    },
  });
  return {
    start: loop.start,
    stop: async () => {
      await loop.stop();
      await runs.ended();
    },
  };
}

function postpone({ setup }: Audit, run: Audited, error: unknown): false {
  run.failures += 1;
  run.notBefore = performance.now() + Math.min(500 * 2 ** run.failures, LONGEST_WAIT_MS);
  if (revertOf(error) !== undefined) setup.log.debug({ err: error, jobId: run.jobId }, 'somebody else was faster');
  else setup.log.warn({ err: error, jobId: run.jobId, failures: run.failures }, 'a run cannot be audited now');
  return false;
}

/** Whether the run is over. */
async function step(audit: Audit, run: Audited): Promise<boolean> {
  const { setup, duties } = audit;
  const { client, contracts, validatorId } = setup;
  const { jobId } = run;
  const job = await readJob(client, jobId);
  const state = jobStates[job.state];
  if (state !== 'accepted' && state !== 'rejected') return true;
  const { challengeWindow } = await client.publicClient.readContract({ ...contracts.training, functionName: 'params' });
  const left = job.changedAt + challengeWindow - (await readClock(client));
  const duty = state === 'accepted' && left > 0 ? await duties.find({ validatorId, roundId: job.roundId }) : undefined;
  if (duty) await judge(audit, run, { job, duty });
  if (left < -GRACE_SECONDS && job.contests === 0) await finalizeRun({ client, jobId });
  const untilEnd = Math.max(1_000, (left + GRACE_SECONDS) * 1_000) + validatorId * TURN_MS;
  run.notBefore = performance.now() + (duty ? Math.min(untilEnd, Math.max(LOOK_AGAIN_MS, (left * 1_000) / LOOK_AGAIN_SHARE)) : untilEnd);
  run.failures = 0;
  return false;
}

/** Says what is wrong, where that has not been said already. */
async function judge(audit: Audit, run: Audited, { job, duty }: { job: Job; duty: Duty }): Promise<void> {
  const { setup, challenges } = audit;
  const { client, log } = setup;
  const { jobId, roundId } = job;
  if (duty.verdict === 'accept') return accuse(setup, roundId, duty);
  if (!challenges || !duty.digests) {
    if (!run.told) log.error({ jobId, roundId }, 'the others accepted a receipt that this validator found wrong');
    run.told = true;
    return;
  }
  if (await hasContested(setup, jobId)) return;
  const { root } = counterTreeOf({ digests: duty.digests, count: job.checkpoints });
  const { challengeId } = await challengeRun({ client, jobId, counterRoot: root });
  log.warn({ jobId, roundId, challengeId }, 'challenged a receipt that the others accepted');
}

/** One member after the other: whatever keeps an accusation from the chain must not keep the next one from it. */
async function accuse(setup: ValidatorSetup, roundId: Hex, duty: Duty): Promise<void> {
  const { client, validatorId, log } = setup;
  if (!duty.proofs) return;
  const { reveals } = await readRound({ client, roundId });
  let failed: unknown;
  for (const reveal of reveals) {
    const proof = duty.proofs[reveal.validatorId];
    if (reveal.validatorId === validatorId || reveal.verdict !== 'accept' || proof === undefined || proof === reveal.evidence) continue;
    try {
      await accuseMember({ client, roundId, validatorId: reveal.validatorId });
      log.warn({ roundId, accused: reveal.validatorId }, 'accused a member whose evidence is wrong');
    } catch (error) {
      if (revertOf(error) !== 'AlreadyAccused') failed ??= error;
    }
  }
  if (failed !== undefined) throw failed;
}

/** Plays the challenges that this validator has opened, and stands in for the worker of a receipt that it accepted. */
export function createReferrals(parameters: { setup: ValidatorSetup; duties: DutyStore }): Loop {
  const { setup, duties } = parameters;
  const { client, contracts, account, validatorId, log } = setup;
  const sidesOf = async (challenge: ChallengeFacts, job: Job): Promise<Sides> => {
    const duty = await duties.find({ validatorId, roundId: job.roundId });
    if (!duty) return { defends: false };
    const counter = isAddressEqual(challenge.challenger, account) && duty.digests ? counterTreeOf({ digests: duty.digests, count: challenge.count }) : undefined;
    if (counter && counter.root === challenge.counterRoot) return { defends: false, counter: counter.digests };
    const { moveWindow } = await client.publicClient.readContract({ ...contracts.challenges, functionName: 'params' });
    // The worker comes first: its clock is half over.
    return { defends: duty.verdict === 'accept' && challenge.kind === 'step' && challenge.moveUntil - (await readClock(client)) < moveWindow / 2 };
  };
  return createChallengeWatch({ client, contracts, log, turn: 2 + validatorId, sidesOf });
}
