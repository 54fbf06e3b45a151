import { jobStates } from '@neurodata/protocol';
import { accuseMember, challengeRun, counterTreeOf, finalizeRun, readRound, toNeuroError } from '@neurodata/sdk';
import type { ChallengeFacts } from '@neurodata/sdk';
import { isAddressEqual } from 'viem';
import type { Hex } from 'viem';
import { createChallengeWatch } from '../duty/createChallengeWatch.ts';
import type { Sides } from '../duty/createChallengeWatch.ts';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { readClock } from '../duty/readClock.ts';
import { readJob } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import type { Duty, DutyStore } from './duties.ts';
import type { ValidatorSetup } from './setup.ts';

type Audited = { jobId: Hex; audited: boolean; notBefore: number; failures: number };
type Audit = { setup: ValidatorSetup; duties: DutyStore; challenges: boolean };

const LONGEST_WAIT_MS = 15_000;
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
  return createLoop({
    name: 'audit',
    log,
    tick: async (signal) => {
      for (const { args: { jobId } } of await feed.poll()) {
        if (!open.has(jobId)) open.set(jobId, { jobId, audited: false, notBefore: 0, failures: 0 });
      }
      for (const run of open.values()) {
        if (signal.aborted) return;
        if (run.notBefore > performance.now()) continue;
        const over = await step(parameters, run).catch((error: unknown) => postpone(parameters, run, error));
        if (over) open.delete(run.jobId);
      }
    },
  });
}

function postpone({ setup }: Audit, run: Audited, error: unknown): false {
  run.failures += 1;
  run.notBefore = performance.now() + Math.min(500 * 2 ** run.failures, LONGEST_WAIT_MS);
  if (toNeuroError(error).code === 'REVERTED') setup.log.debug({ err: error, jobId: run.jobId }, 'somebody else was faster');
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
  if (!run.audited && left > 0) {
    const duty = await duties.find({ validatorId, roundId: job.roundId });
    if (duty && state === 'accepted') await judge(audit, job, duty);
    run.audited = true;
  }
  if (left < -GRACE_SECONDS && job.contests === 0) await finalizeRun({ client, jobId });
  run.notBefore = performance.now() + Math.max(1_000, (left + GRACE_SECONDS) * 1_000) + validatorId * TURN_MS;
  return false;
}

async function judge(audit: Audit, job: Job, duty: Duty): Promise<void> {
  const { setup, challenges } = audit;
  const { client, log } = setup;
  const { jobId, roundId } = job;
  if (duty.verdict === 'accept') return accuse(setup, roundId, duty);
  if (!challenges || !duty.digests) {
    log.error({ jobId, roundId }, 'the others accepted a receipt that this validator found wrong');
    return;
  }
  const { root } = counterTreeOf({ digests: duty.digests, count: job.checkpoints });
  const { challengeId } = await challengeRun({ client, jobId, counterRoot: root });
  log.warn({ jobId, roundId, challengeId }, 'challenged a receipt that the others accepted');
}

async function accuse(setup: ValidatorSetup, roundId: Hex, duty: Duty): Promise<void> {
  const { client, validatorId, log } = setup;
  if (!duty.proofs) return;
  const { reveals } = await readRound({ client, roundId });
  for (const reveal of reveals) {
    const proof = duty.proofs[reveal.validatorId];
    if (reveal.validatorId === validatorId || reveal.verdict !== 'accept' || proof === undefined || proof === reveal.evidence) continue;
    await accuseMember({ client, roundId, validatorId: reveal.validatorId });
    log.warn({ roundId, accused: reveal.validatorId }, 'accused a member whose evidence is wrong');
  }
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
