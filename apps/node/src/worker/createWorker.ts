import { thin } from '@neurodata/engine';
import { jobStates, parseReceipt, runNews } from '@neurodata/protocol';
import { accountOf, finalizeRun, refundJob, toNeuroError } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { isAddressEqual, zeroAddress } from 'viem';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import type { Service } from '../common/service.ts';
import { contractsOf } from '../duty/contracts.ts';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import { createSweep } from '../duty/createSweep.ts';
import type { Loop } from '../duty/createLoop.ts';
import { clockAt } from '../duty/readClock.ts';
import { readJob } from '../duty/readJob.ts';
import { removeRunFiles } from '../duty/removeRunFiles.ts';
import type { RunFiles } from '../duty/runFiles.ts';
import { trainInThread } from '../duty/runInThread.ts';
import type { Train } from '../duty/runInThread.ts';
import { appealRejection } from './appealRejection.ts';
import { findProblem } from './checkJob.ts';
import { createDefence } from './createDefence.ts';
import { createReporter } from './createReporter.ts';
import { createTrialWatch } from './createTrialWatch.ts';
import type { Reporter } from './createReporter.ts';
import { findCanary, ownUp } from './ownUp.ts';
import { registerWorker } from './registerWorker.ts';
import type { WorkerOffer } from './registerWorker.ts';
import { isFinalFailure, runJob } from './runJob.ts';
import type { Canaries, ProgressStore, WorkerSetup } from './setup.ts';

export type WorkerDeps = {
  /** With the worker's own account. */
  client: NeuroClient;
  progress: ProgressStore;
  /** How a run is executed; the engine in a thread of its own by default. */
  train?: Train;
  /** In which the engine works; 1 by default. */
  threads?: number;
  /** None are made, and none revealed, where absent. */
  canaries?: Canaries;
  /** What runs leave on this machine; taken away once they are over, and left there where absent. */
  files?: RunFiles;
  /** Stands on chain, for people to see who runs. */
  endpoint: string;
  offer: WorkerOffer;
  log: Log;
};

const LONGEST_WAIT_MS = 15_000;
/** How often a job of another worker is looked at while its validators are at work. */
const ABROAD_MS = 5_000;
/** Takeovers of one job that the contract allows. */
const MOST_LOST = 3;
/** Blocks whose hash a contract can still see. */
const HASH_REACH = 256n;

type OpenJob = {
  jobId: Hex;
  /** What the buyer's stake gives it in the queue: the higher, the earlier. */
  priority: number;
  notBefore: number;
  failures: number;
  /** The poke that was waited for; see `poke`. */
  waitedFor?: Poke;
  /** Nothing more is done for this job than to return its money in time. */
  declined: boolean;
  /** Looks whether the verdict on our own receipt is to be contested. */
  contest?: Promise<void>;
  reporter?: Reporter;
};
type Poke = 'redraw' | 'refund' | 'finalize' | 'takeOver';
type Work = {
  setup: WorkerSetup;
  jobs: Map<Hex, OpenJob>;
  /** The one run under way. */
  running: Promise<void> | undefined;
  /** `early` ends it with what it has done so far, `abandon` without. */
  run: { jobId: Hex; early: AbortController; abandon: AbortController } | undefined;
};
type ChainJob = Awaited<ReturnType<typeof readChainJob>>;

/**
 * A worker: claims the jobs that it is drawn for, trains, hands in receipts, one job at a time. It also does what anybody
 * may do for stuck jobs: draws again, and returns the money of those whose time is over; and for the fees of trials. `start` registers its account,
 * with stake from its own balance, where that has not been done.
 */
export function createWorker(deps: WorkerDeps): Service {
  const { client, progress, endpoint, offer, train = trainInThread, threads = 1 } = deps;
  let loop: Loop | undefined;
  let watch: Loop | undefined;
  let sweep: Loop | undefined;
  let trials: Loop | undefined;
  let work: Work | undefined;
  return {
    start: async () => {
      await registerWorker({ client, endpoint, offer });
      const account = accountOf(client).address;
      const log = deps.log.child({ role: 'worker', account });
      work = { setup: { client, contracts: contractsOf(client.config.deployment.addresses), account, progress, train, threads, cores: offer.cores, ...(deps.canaries ? { canaries: deps.canaries } : {}), ...(deps.files ? { files: deps.files } : {}), log }, jobs: new Map(), running: undefined, run: undefined };
      loop = createJobLoop(work);
      loop.start();
      watch = createDefence(work.setup);
      watch.start();
      trials = createTrialWatch(work.setup);
      trials.start();
      const { setup } = work;
      const files = [deps.files, deps.canaries?.store].filter((one) => one !== undefined);
      sweep = createSweep({ name: 'files of runs', log, sweep: (signal) => removeRunFiles({ setup, files, signal }) });
      sweep.start();
      log.info({ endpoint }, 'working');
    },
    stop: async () => {
      await Promise.all([loop?.stop(), watch?.stop(), sweep?.stop(), trials?.stop()]);
      await work?.running;
      await Promise.all([...(work?.jobs.values() ?? [])].flatMap((job) => [job.reporter?.stop(), job.contest]));
    },
  };
}

function createJobLoop(work: Work): Loop {
  const { client, contracts, log } = work.setup;
  const feed = createFeed({
    publicClient: client.publicClient,
    fromBlock: BigInt(client.config.deployment.block),
    read: (range) => client.publicClient.getContractEvents({ ...contracts.training, ...range, eventName: 'JobOpened', strict: true }),
  });
  return createLoop({
    name: 'jobs',
    log,
    tick: async (signal) => {
      for (const { args: { jobId, buyer } } of await feed.poll()) {
        if (work.jobs.has(jobId)) continue;
        const priority = await client.publicClient.readContract({ ...contracts.staking, functionName: 'priorityOf', args: [buyer] });
        work.jobs.set(jobId, { jobId, priority, notBefore: 0, failures: 0, declined: false });
      }
      for (const job of [...work.jobs.values()].toSorted((a, b) => b.priority - a.priority)) {
        if (signal.aborted) return;
        if (job.notBefore <= performance.now()) await step(work, job, signal).catch((error: unknown) => postpone(work, job, error));
      }
    },
  });
}

function postpone(work: Work, job: OpenJob, error: unknown): void {
  job.failures += 1;
  job.notBefore = performance.now() + Math.min(500 * 2 ** job.failures, LONGEST_WAIT_MS);
  work.setup.log.warn({ err: error, jobId: job.jobId, failures: job.failures }, 'a job cannot go on now');
}

async function readChainJob(setup: WorkerSetup, jobId: Hex) {
  const { client, contracts } = setup;
  const [job, schedule, params, head] = await Promise.all([
    client.publicClient.readContract({ ...contracts.training, functionName: 'job', args: [jobId] }),
    client.publicClient.readContract({ ...contracts.training, functionName: 'schedule', args: [jobId] }),
    client.publicClient.readContract({ ...contracts.training, functionName: 'params' }),
    client.publicClient.getBlock({ blockTag: 'latest' }),
  ]);
  return { job, schedule, params, head, state: jobStates[job.state] ?? 'none' };
}

async function step(work: Work, job: OpenJob, signal: AbortSignal): Promise<void> {
  const { setup, jobs } = work;
  const chain = await readChainJob(setup, job.jobId);
  const ours = isAddressEqual(chain.job.worker, setup.account);
  const lost = !ours || (chain.state !== 'claimed' && chain.state !== 'cancelled');
  if (lost && work.run?.jobId === job.jobId) work.run.abandon.abort(new Error('the job is not ours any more'));
  if (chain.state === 'open') return stepOpen(work, job, chain);
  if (chain.state === 'claimed') return stepClaimed(work, job, chain, signal);
  if (chain.state === 'cancelled') return stepCancelled(work, job, chain);
  const pending = chain.state === 'accepted' || chain.state === 'rejected';
  if (ours && (pending || chain.state === 'submitted')) job.reporter ??= await restoreReporter(setup, job.jobId, chain);
  if (pending) return stepPending(work, job, chain, signal);
  if (chain.state === 'submitted') {
    job.notBefore = performance.now() + (ours ? 500 : ABROAD_MS);
    return;
  }
  jobs.delete(job.jobId);
  if (ours && job.reporter) await tellOutcome(work, job, chain);
}

async function stepOpen(work: Work, job: OpenJob, chain: ChainJob): Promise<void> {
  const { setup } = work;
  const { client, contracts, account, log } = setup;
  const { jobId } = job;
  const { job: facts, schedule, params, head } = chain;
  const now = Number(head.timestamp);
  const closesAt = schedule.runUntil || facts.openedAt + params.openWindow;
  if (now > closesAt) return poke(work, job, 'refund');
  if (job.declined) return;
  const drawn = await client.publicClient.readContract({ ...contracts.training, functionName: 'drawnWorker', args: [jobId] });
  const late = now > facts.changedAt + params.claimWindow || (drawn === zeroAddress && head.number > facts.anchorBlock + HASH_REACH);
  if (late) return poke(work, job, 'redraw');
  if (!isAddressEqual(drawn, account) || work.running || !isWorthwhile(chain)) return;
  const problem = await findProblem(client, await readJob(client, jobId));
  if (problem) {
    decline(work, job, chain, `${problem} No worker takes this job; the money returns when its time is over.`);
    return;
  }
  const { hash } = await client.send({ ...contracts.training, functionName: 'claimJob', args: [jobId], sentence: `Claim job ${jobId}` });
  log.info({ jobId, hash }, 'claimed a job');
}

async function stepClaimed(work: Work, job: OpenJob, chain: ChainJob, signal: AbortSignal): Promise<void> {
  const { setup } = work;
  const now = Number(chain.head.timestamp);
  const { runUntil, heardAt, lost } = chain.schedule;
  if (now > runUntil) return poke(work, job, 'refund');
  const ours = isAddressEqual(chain.job.worker, setup.account);
  const silent = now > heardAt + chain.params.heartbeatWindow && lost.length < MOST_LOST;
  if (silent && (!ours || job.declined)) return poke(work, job, 'takeOver');
  if (job.declined || work.running || !ours) return;
  const reporter = (job.reporter ??= createReporter(setup, { jobId: job.jobId, trial: chain.job.trial }));
  const run = (work.run = { jobId: job.jobId, early: new AbortController(), abandon: new AbortController() });
  const either = AbortSignal.any([signal, run.abandon.signal]);
  work.running = runJob({ setup, jobId: job.jobId, reporter, signal: either, early: run.early.signal }).catch((error: unknown) => {
    if (either.aborted) return;
    if (!isFinalFailure(error)) return postpone(work, job, error);
    decline(work, job, chain, `${toNeuroError(error).message} The money returns to the buyer when the run's time is over.`);
  }).finally(() => {
    work.running = undefined;
    work.run = undefined;
  });
}

/** A job that another worker lost is taken while as much time is left as was used: all of it may have to be done again. */
function isWorthwhile({ schedule: { runUntil }, params, head }: ChainJob): boolean {
  const left = runUntil - Number(head.timestamp);
  return runUntil === 0 || left >= params.runWindow - left;
}

/** The buyer wants no more of it: what has been done is handed in, and without that the money returns soon. */
async function stepCancelled(work: Work, job: OpenJob, chain: ChainJob): Promise<void> {
  if (work.run?.jobId === job.jobId) work.run.early.abort();
  if (clockAt(work.setup.client, chain.head) > chain.job.changedAt + chain.params.cancelWindow) return poke(work, job, 'refund');
  job.notBefore = performance.now() + 500;
}

/** Beside everything else: the challenge window is short, and the job under way may be long. Tried again until it is over. */
async function contest(work: Work, job: OpenJob, chain: ChainJob, signal: AbortSignal): Promise<void> {
  const { setup } = work;
  const { jobId } = job;
  try {
    const canary = await findCanary(setup, { jobId, receiptDigest: chain.job.receiptDigest });
    if (canary) return await ownUp(setup, canary);
    const appealed = chain.state === 'rejected' && (await appealRejection({ setup, jobId, signal }));
    if (appealed) job.reporter?.tell({ stage: 'validating', message: runNews.appealed });
  } catch (error) {
    delete job.contest;
    if (!signal.aborted) setup.log.warn({ err: error, jobId }, 'could not find out whether to contest a verdict');
  }
}

/** A verdict that can be challenged ends by itself once nobody has. */
async function stepPending(work: Work, job: OpenJob, chain: ChainJob, signal: AbortSignal): Promise<void> {
  const left = chain.job.changedAt + chain.params.challengeWindow + 1 - clockAt(work.setup.client, chain.head);
  const ours = isAddressEqual(chain.job.worker, work.setup.account);
  if (ours && left > 0) job.contest ??= contest(work, job, chain, signal);
  if (left > 0 || chain.job.contests > 0) {
    job.notBefore = performance.now() + Math.min(Math.max(left, 0.5), 2) * 1_000;
    return;
  }
  // Who is paid by it does not wait for others.
  if (ours) job.waitedFor = 'finalize';
  return poke(work, job, 'finalize');
}

/** After a restart the receipt still tells how the run went. */
async function restoreReporter(setup: WorkerSetup, jobId: Hex, chain: ChainJob): Promise<Reporter> {
  const { steps, lossCurve } = parseReceipt(await setup.client.storage.readRaw(rawCidOfDigest(chain.job.receiptDigest))).body;
  const reporter = createReporter(setup, { jobId, trial: chain.job.trial });
  reporter.tell({ stage: 'validating', step: steps, maxSteps: steps, lossCurve: thin(lossCurve, 200) });
  return reporter;
}

function decline(work: Work, job: OpenJob, chain: ChainJob, message: string): void {
  const { setup } = work;
  job.declined = true;
  job.reporter ??= createReporter(setup, { jobId: job.jobId, trial: chain.job.trial });
  job.reporter.tell({ stage: 'failed', message });
  setup.log.error({ jobId: job.jobId, reason: message }, 'this job is not run to its end');
}

/** Does what anybody may do, after a short wait of a random length: most of the time somebody else has done it then. */
async function poke(work: Work, job: OpenJob, what: Poke): Promise<void> {
  const { client, contracts, log } = work.setup;
  const { jobId } = job;
  if (job.waitedFor !== what) {
    job.waitedFor = what;
    job.notBefore = performance.now() + Math.random() * 2_000;
    return;
  }
  delete job.waitedFor;
  try {
    if (what === 'refund') await refundJob({ client, jobId });
    else if (what === 'finalize') await finalizeRun({ client, jobId });
    else await client.send({ ...contracts.training, functionName: what, args: [jobId], sentence: `Draw another worker for job ${jobId}` });
    log.info({ jobId, what }, 'moved a stuck job on');
  } catch (error) {
    if (toNeuroError(error).code !== 'REVERTED') throw error;
    log.debug({ jobId, what }, 'somebody else was faster');
  }
}

async function tellOutcome(work: Work, job: OpenJob, chain: ChainJob): Promise<void> {
  const { state } = chain;
  const { log } = work.setup;
  if (state === 'settled') job.reporter?.tell({ stage: 'done' });
  if (state === 'slashed') job.reporter?.tell({ stage: 'failed', message: runNews.slashed });
  if (state === 'refunded' && !job.declined) job.reporter?.tell({ stage: 'failed', message: runNews.refunded });
  await job.reporter?.stop();
  log[state === 'settled' ? 'info' : 'warn']({ jobId: job.jobId, state }, 'a job has ended');
}
