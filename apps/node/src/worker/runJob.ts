import { EngineError, thin } from '@neurodata/engine';
import { toNeuroError } from '@neurodata/sdk';
import { randomBytes } from 'node:crypto';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import { readCheckedSpec, readJob } from '../duty/readJob.ts';
import type { CheckedSpec, Job } from '../duty/readJob.ts';
import { readClock } from '../duty/readClock.ts';
import { createHeartbeat } from './createHeartbeat.ts';
import type { Heartbeat } from './createHeartbeat.ts';
import type { Reporter } from './createReporter.ts';
import { commitCanary, drawsCanary, spoilRun } from './makeCanary.ts';
import { makeReceipt } from './makeReceipt.ts';
import { openRows } from './openRows.ts';
import type { WorkerSetup } from './setup.ts';
import { trainOnward } from './trainOnward.ts';

/** Kept of the run window for sealing and for the receipt's transaction, milliseconds. */
const MARGIN_MS = 15_000;

/** Thrown when a claimed job can never be finished: its table or spec is not what training takes. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
}

/**
 * Runs a job that this worker has claimed, from the key to the receipt on chain, from the last states that its heartbeats name,
 * its own or those of a worker before it; a run is deterministic, so its result is the same. `early` ends it with the steps made so far.
 *
 * @throws JobFailure where trying again would end the same; anything else where it may not.
 */
export async function runJob(parameters: RunParameters): Promise<void> {
  const { setup, jobId } = parameters;
  const job = await readJob(setup.client, jobId);
  const [{ heardAt }, { heartbeatWindow }, now] = await Promise.all([
    setup.client.publicClient.readContract({ ...setup.contracts.training, functionName: 'schedule', args: [jobId] }),
    setup.client.publicClient.readContract({ ...setup.contracts.training, functionName: 'params' }),
    readClock(setup.client),
  ]);
  const heartbeat = createHeartbeat({ setup, jobId, sinceHeard: now - heardAt, window: heartbeatWindow });
  try {
    await runToReceipt({ ...parameters, job, heartbeat });
  } finally {
    await heartbeat.stop();
  }
}

type RunParameters = { setup: WorkerSetup; jobId: Hex; reporter: Reporter; signal: AbortSignal; early: AbortSignal };

async function runToReceipt(parameters: RunParameters & { job: Job; heartbeat: Heartbeat }): Promise<void> {
  const { setup, jobId, job, heartbeat, reporter, signal, early } = parameters;
  const { client, contracts, log } = setup;
  const began = performance.now();
  const { spec, facts } = expectSpec(await readCheckedSpec(client, job));
  const tellsLoss = spec.output !== 'metrics';
  const timeoutMs = await timeLeft(setup, job);
  if (timeoutMs <= 0) throw new JobFailure('The time for this run is over.');
  reporter.tell({ stage: 'fetching', step: 0, maxSteps: spec.train.limits.maxSteps });
  const { csv, identity } = await openRows({ setup, jobId, facts, timeoutMs, signal, onKey: () => reporter.tell({ stage: 'unsealing' }) });
  reporter.tell({ stage: 'training' });
  const right = await trainOnward({
    setup, job, spec, csv, identity, heartbeat, onStory: (message) => reporter.tell({ message }),
    run: {
      timeoutMs: await timeLeft(setup, job), signal, stop: early,
      onProgress: ({ step, maxSteps, loss, lossCurve, secondsLeft }) => reporter.tell({ step, maxSteps, ...(tellsLoss ? { loss } : {}), ...(tellsLoss && lossCurve ? { lossCurve } : {}), ...(secondsLeft === undefined ? {} : { secondsLeft }) }),
    },
  });
  const lossCurve = tellsLoss ? thin(right.lossCurve, 200) : [];
  reporter.tell({ stage: 'sealing', step: right.steps, lossCurve, ...(lossCurve.length > 0 ? { loss: lossCurve.at(-1) ?? 0 } : {}) });
  const isCanary = drawsCanary(setup, right);
  const result = isCanary ? spoilRun(right) : right;
  const { receiptDigest } = await makeReceipt({ setup, job, spec, facts, result });
  reporter.tell({ stage: 'submitting' });
  if (result.stopped && result.steps === 0) throw new JobFailure('The job was cancelled before its first step.');
  const { modelDigest, checkpointRoot, engineId } = result;
  const totalSteps = result.stopped ? result.maxSteps : 0;
  // Random where it commits to nothing, so that nobody can tell which receipt is a test.
  const canary = isCanary ? await commitCanary({ setup, jobId, receiptDigest, right }) : bytesToHex(randomBytes(32));
  const handedIn = { receiptDigest, modelDigest, checkpointRoot, engineId, canary, checkpoints: result.checkpoints.length, totalSteps };
  const { hash } = await client.send({ ...contracts.training, functionName: 'submitReceipt', args: [jobId, handedIn], sentence: `Hand in the receipt of job ${jobId}` });
  reporter.tell({ stage: 'validating' });
  log.info({ jobId, receiptDigest, modelDigest, steps: result.steps, hash, ms: Math.round(performance.now() - began) }, 'handed in a receipt');
}

function expectSpec(checked: CheckedSpec): Exclude<CheckedSpec, { problem: string }> {
  if ('problem' in checked) throw new JobFailure(checked.problem);
  return checked;
}

/** Milliseconds in which the run must end. */
async function timeLeft(setup: WorkerSetup, job: Job): Promise<number> {
  const { client, contracts } = setup;
  const [{ runUntil }, now] = await Promise.all([
    client.publicClient.readContract({ ...contracts.training, functionName: 'schedule', args: [job.jobId] }),
    readClock(client),
  ]);
  return Math.floor((runUntil - now) * 1_000) - MARGIN_MS;
}

/** Whether the same run would fail in the same way again. */
export function isFinalFailure(error: unknown): boolean {
  if (error instanceof JobFailure) return true;
  if (error instanceof EngineError) return error.code !== 'ABORTED';
  const { code, retryable } = toNeuroError(error);
  return !retryable && (code === 'CONTENT_MISMATCH' || code === 'BAD_MANIFEST' || code === 'BAD_SPEC');
}
