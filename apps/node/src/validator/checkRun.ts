import { toldResult } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import { parseReceipt } from '@neurodata/protocol';
import type { Receipt } from '@neurodata/protocol';
import { isSignedByWorker, readReceiptFacts } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { isAddressEqual } from 'viem';
import type { Hex } from 'viem';
import { compareRun } from '../duty/compareRun.ts';
import { readJob } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import { checkSegments } from './checkSegments.ts';
import { expectNothingMore } from './expectNothingMore.ts';
import { expectFact, Refusal, refuseIfWrong, rejected } from './finding.ts';
import type { Finding } from './finding.ts';
import { planAudit } from './planAudit.ts';
import type { AuditPlan } from './planAudit.ts';
import type { CheckContext } from './readContent.ts';
import { expectInput, readRunInput, repeatRun } from './repeatRun.ts';
import type { RunInput } from './repeatRun.ts';
import { runProofs } from './runProofs.ts';
import { openSealedRun, wasActiveAtClaim } from './sealedRun.ts';

/**
 * Judges a run: re-executes it whole and compares it with its receipt, checkpoint by checkpoint; of a long run the
 * segments that the chain drew after the receipt was fixed, with the model and the metrics. The sealed model and
 * checkpoints are opened as well. A finding against a run carries checkpoints for a challenge.
 *
 * @throws Refusal where the receipt is wrong; anything else where it could not be checked now.
 */
export async function checkRun(context: CheckContext, jobId: Hex): Promise<Finding> {
  const job = await readJob(context.setup.client, jobId);
  const receipt = await readCheckedReceipt(context, job);
  const input = await readRunInput(context, job);
  const plan = await planAudit(context.setup, job, input.spec);
  const opens = await wasActiveAtClaim(context, jobId);
  // Who cannot open the states has nothing to start a segment from.
  if (!plan.whole && opens) return checkSegments({ context, job, receipt, input, plan });
  return checkWhole({ context, job, receipt, input, plan, opens });
}

/** A job's receipt, which must be its worker's and say what the chain says. @throws Refusal */
export async function readCheckedReceipt(context: CheckContext, job: Job): Promise<Receipt> {
  const bytes = await context.setup.client.storage.readRaw(rawCidOfDigest(job.receiptDigest));
  const receipt = await refuseIfWrong('The receipt', Promise.resolve().then(() => parseReceipt(bytes)));
  await checkReceipt({ context, job, receipt });
  return receipt;
}

async function checkWhole(parameters: { context: CheckContext; job: Job; receipt: Receipt; input: RunInput; plan: AuditPlan; opens: boolean }): Promise<Finding> {
  const { context, job, receipt, input, plan, opens } = parameters;
  const { roundId, setup: { account } } = context;
  const result = await repeatRun(context, job, input);
  const digests = result.checkpoints.map(({ digest }) => digest);
  try {
    expectInput(receipt, input);
    const difference = compareRun(receipt.body, toldResult(result, input.spec.output === 'metrics'));
    expectFact(difference === undefined, difference ?? '');
    if (input.spec.output === 'metrics') await expectNothingMore(context, job, receipt);
    if (opens) await checkSealed({ context, receipt, result });
  } catch (error) {
    if (error instanceof Refusal) return { ...rejected({ roundId, account, refusal: error }), digests };
    throw error;
  }
  const { work = [] } = result;
  const told = await runProofs(context, plan.whole ? work : plan.segments.flatMap((segment) => work[segment + 1] ?? []));
  return { verdict: 'accept', ...told, digests, reason: `re-executed: ${result.checkpoints.length} checkpoints, model and metrics are the same` };
}

async function checkReceipt(parameters: { context: CheckContext; job: Job; receipt: Receipt }): Promise<void> {
  const { context, job, receipt } = parameters;
  const { client } = context.setup;
  const { body, worker } = receipt;
  const signed = isAddressEqual(worker, job.worker) && (await isSignedByWorker({ client, receipt }));
  expectFact(signed, `The receipt is not signed by the job's worker ${job.worker}.`);
  const onChain = await readReceiptFacts({ client, jobId: job.jobId });
  const pairs = [
    ['job', body.jobId, job.jobId], ['spec digest', body.specDigest, job.specDigest], ['model digest', body.modelDigest, onChain.modelDigest],
    ['checkpoint root', body.checkpointRoot, onChain.checkpointRoot], ['engine id', body.engineId, onChain.engineId],
  ] as const;
  expectFact(body.checkpointDigests.length === job.checkpoints && body.steps + 1 === job.checkpoints, `The receipt has ${body.checkpointDigests.length} checkpoints for ${body.steps} steps, the chain has ${job.checkpoints} checkpoints.`);
  for (const [what, said, chain] of pairs) expectFact(said.toLowerCase() === chain.toLowerCase(), `The receipt names the ${what} ${said}, the chain has ${chain}.`);
}

async function checkSealed({ context, receipt, result }: { context: CheckContext; receipt: Receipt; result: TrainResult }): Promise<void> {
  const checkpoints = await openSealedRun(context, receipt);
  const kept = result.checkpoints.filter(({ state }) => state !== undefined);
  expectFact(checkpoints.length === kept.length, `The sealed file holds ${checkpoints.length} checkpoints, a run keeps ${kept.length}.`);
  for (const [index, { step, digest }] of kept.entries()) {
    expectFact(checkpoints[index]?.step === step && checkpoints[index].digest === digest, `The sealed file does not hold checkpoint ${step} of the run.`);
  }
}
