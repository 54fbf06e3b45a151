import { toldResult } from '@neurodata/engine';
import { formatNcr, parseReceipt } from '@neurodata/protocol';
import type { ReceiptBody } from '@neurodata/protocol';
import { appealRun } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import type { Hex } from 'viem';
import { compareRun } from '../duty/compareRun.ts';
import { hasContested } from '../duty/hasContested.ts';
import { readClock } from '../duty/readClock.ts';
import { readCheckedSpec, readJob } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import { trainInThread } from '../duty/runInThread.ts';
import { openRows } from './openRows.ts';
import type { WorkerSetup } from './setup.ts';

/** Kept of the challenge window for the appeal's transaction, milliseconds. */
const MARGIN_MS = 1_000;

type Rejected = { setup: WorkerSetup; jobId: Hex; signal: AbortSignal };

/**
 * Appeals the rejection of this worker's own receipt, where the engine, run once more on the same rows, gives what was
 * handed in, to the bit. Once for a job, and only with the bond at hand. Resolves to whether there is an appeal now.
 *
 * @throws what the storage, the validators and the chain throw: then it was not found out in time.
 */
export async function appealRejection(parameters: Rejected): Promise<boolean> {
  const { setup, jobId } = parameters;
  const { client, contracts, account, log } = setup;
  if (await hasContested(setup, jobId)) return true;
  const [balance, { bond }] = await Promise.all([
    client.publicClient.readContract({ ...contracts.coin, functionName: 'balanceOf', args: [account] }),
    client.publicClient.readContract({ ...contracts.challenges, functionName: 'params' }),
  ]);
  if (balance < bond) {
    log.warn({ jobId, balance: formatNcr(balance), bond: formatNcr(bond) }, 'cannot pay the bond of an appeal against a rejection');
    return false;
  }
  const problem = await findFault(parameters);
  if (problem !== undefined) {
    log.error({ jobId, problem }, 'validators rejected a receipt, and they are right');
    return false;
  }
  const { challengeId, hash } = await appealRun({ client, jobId });
  log.warn({ jobId, challengeId, hash }, 'appealed against a rejection: running the job again gives what was handed in');
  return true;
}

/** What is wrong with the receipt that was handed in; undefined where running the job again finds nothing. */
async function findFault({ setup, jobId, signal }: Rejected): Promise<string | undefined> {
  const { client } = setup;
  const job = await readJob(client, jobId);
  const checked = await readCheckedSpec(client, job);
  if ('problem' in checked) return checked.problem;
  const { spec, facts } = checked;
  const { body } = parseReceipt(await client.storage.readRaw(rawCidOfDigest(job.receiptDigest)));
  const { csv } = await openRows({ setup, jobId, facts, timeoutMs: await timeLeft(setup, job), signal });
  // The engine itself, whatever made the first run.
  const result = await trainInThread({ csv, spec: spec.train, threads: setup.threads, ...lastStepOf(job), timeoutMs: await timeLeft(setup, job), signal });
  return wrongOnChain(job, body) ?? compareRun(body, toldResult(result, spec.output === 'metrics'));
}

/** A cancelled job is repeated up to the step at which it ended. */
function lastStepOf({ totalSteps, checkpoints }: Job): { lastStep?: number } {
  return totalSteps === 0 ? {} : { lastStep: checkpoints - 1 };
}

/** The chain's few facts of a receipt must be the document's. */
function wrongOnChain(job: Job, body: ReceiptBody): string | undefined {
  if (body.jobId !== job.jobId) return `The receipt is about job ${body.jobId}.`;
  if (body.checkpointRoot !== job.checkpointRoot) return `The receipt names the checkpoint root ${body.checkpointRoot}, the chain has ${job.checkpointRoot}.`;
  return body.checkpointDigests.length === job.checkpoints ? undefined : `The receipt has ${body.checkpointDigests.length} checkpoints, the chain has ${job.checkpoints}.`;
}

/** Milliseconds until the appeal must be on its way. */
async function timeLeft({ client, contracts }: WorkerSetup, job: Job): Promise<number> {
  const { challengeWindow } = await client.publicClient.readContract({ ...contracts.training, functionName: 'params' });
  const left = Math.floor((job.changedAt + challengeWindow - (await readClock(client))) * 1_000) - MARGIN_MS;
  if (left <= 0) throw new Error('the challenge window is over');
  return left;
}
