import type { TrainResult } from '@neurodata/engine';
import { parseReceipt, sha256Hex } from '@neurodata/protocol';
import type { Receipt } from '@neurodata/protocol';
import { isSignedByWorker, openArtifact, parseCheckpoints, readLogs, readManifest, readReceiptFacts, toNeuroError } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { bytesToHex, isAddressEqual } from 'viem';
import type { Address, Hex } from 'viem';
import { compareRun } from '../duty/compareRun.ts';
import { readCheckedSpec, readJob } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import { trainInThread } from '../duty/runInThread.ts';
import { bindEvidence, drawIndex, expectFact, Refusal, refuseIfWrong, rejected } from './finding.ts';
import type { Finding } from './finding.ts';
import { readContent } from './readContent.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Re-executes a run whole and compares it with its receipt, checkpoint by checkpoint; opens the sealed model and
 * checkpoints as well. The evidence binds the state of a checkpoint that was drawn after the receipt was fixed, never
 * the first: that one is known without any work. A finding against a run that could be repeated carries its checkpoints.
 *
 * @throws Refusal where the receipt is wrong; anything else where it could not be checked now.
 */
export async function checkRun(context: CheckContext, jobId: Hex): Promise<Finding> {
  const { client, account } = context.setup;
  const { roundId } = context;
  const job = await readJob(client, jobId);
  const bytes = await client.storage.readRaw(rawCidOfDigest(job.receiptDigest));
  const receipt = await refuseIfWrong('The receipt', Promise.resolve().then(() => parseReceipt(bytes)));
  await checkReceipt({ context, job, receipt });
  const { facts, result } = await repeatRun(context, job);
  const digests = result.checkpoints.map(({ digest }) => digest);
  try {
    const { input } = receipt.body;
    expectFact(input.assetId === facts.assetId && input.version === facts.version && input.contentRoot.toLowerCase() === facts.contentRoot, 'The receipt names another input than the job has.');
    const difference = compareRun(receipt.body, result);
    expectFact(difference === undefined, difference ?? '');
    await checkSealed({ context, job, receipt, result });
  } catch (error) {
    if (error instanceof Refusal) return { ...rejected({ roundId, account, refusal: error }), digests };
    throw error;
  }
  const proofs = await proofsOf(context, result);
  const evidence = proofs[context.setup.validatorId] ?? proofOf(context, account, result);
  return { verdict: 'accept', evidence, digests, proofs, reason: `re-executed: ${result.checkpoints.length} checkpoints, model and metrics are the same` };
}

/**
 * Repeats a job's run from its public documents and the rows that the round entitles us to; a cancelled one up to the
 * step at which its worker has ended.
 *
 * @throws Refusal where the run should not have been made; anything else where it could not be repeated now.
 */
export async function repeatRun(context: CheckContext, job: Job): Promise<{ facts: VersionFacts; result: TrainResult }> {
  const { client } = context.setup;
  const checked = await readCheckedSpec(client, job);
  if ('problem' in checked) {
    // A validator that lags behind in engines must not judge those who do not.
    if (checked.otherEngine) throw new Error(checked.problem);
    throw new Refusal(`The run should not have been made. ${checked.problem}`);
  }
  const { spec, facts } = checked;
  const manifest = await refuseIfWrong('The manifest', readManifest({ client, facts }));
  const { plaintext } = await readContent({ context, facts, manifest });
  const part = job.totalSteps === 0 ? {} : { lastStep: job.checkpoints - 1 };
  const result = await refuseIfWrong('Training', trainInThread({ csv: plaintext, spec: spec.train, threads: context.setup.threads, ...part, timeoutMs: context.timeoutMs, signal: context.signal }));
  if (job.totalSteps !== 0) {
    expectFact(job.totalSteps === result.maxSteps, `The receipt says that the job asked for ${job.totalSteps} steps, it asked for ${result.maxSteps}.`);
  }
  return { facts, result };
}

/** What each member's evidence is, if it has done the work. */
async function proofsOf(context: CheckContext, result: TrainResult): Promise<Record<string, Hex>> {
  const { client, contracts } = context.setup;
  const accounts = await Promise.all(context.committee.map(async (id) => {
    const { account } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [id] });
    return [String(id), account] as const;
  }));
  return Object.fromEntries(accounts.map(([id, account]) => [id, proofOf(context, account, result)]));
}

function proofOf({ roundId, seed }: CheckContext, account: Address, result: TrainResult): Hex {
  const states = kept(result);
  const last = states.length - 1;
  const index = last === 0 ? 0 : 1 + drawIndex({ seed, account, count: last });
  return bindEvidence({ roundId, account, bytes: bytesToHex(states[index]?.state ?? new Uint8Array()) });
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

async function checkSealed(parameters: { context: CheckContext; job: Job; receipt: Receipt; result: TrainResult }): Promise<void> {
  const { context, job, receipt, result } = parameters;
  const { sealed, modelDigest } = receipt.body;
  if (!(await wasActiveAtClaim(context, job.jobId))) return;
  const model = await refuseIfWrong('The sealed model', openSealed(context, sealed.modelCid));
  expectFact(sha256Hex(model) === modelDigest, "The sealed model is not the receipt's.");
  const file = await refuseIfWrong('The sealed checkpoints', openSealed(context, sealed.checkpointsCid));
  const checkpoints = await refuseIfWrong('The sealed checkpoints', Promise.resolve().then(() => parseCheckpoints(file)));
  expectFact(checkpoints.length === kept(result).length, `The sealed file holds ${checkpoints.length} checkpoints, a run keeps ${kept(result).length}.`);
  for (const [index, { step, digest }] of kept(result).entries()) {
    expectFact(checkpoints[index]?.step === step && checkpoints[index].digest === digest, `The sealed file does not hold checkpoint ${step} of the run.`);
  }
}

/** Opens it with our key, or with one that we had when it was sealed. */
async function openSealed({ setup, signal }: CheckContext, cid: string): Promise<Uint8Array> {
  const { client, identity, retired } = setup;
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

/** The checkpoints whose states a run keeps: of long runs not all. */
function kept({ checkpoints }: TrainResult): TrainResult['checkpoints'] {
  return checkpoints.filter(({ state }) => state !== undefined);
}

/** A validator that joined after the claim may be missing among the recipients through nobody's fault. */
async function wasActiveAtClaim(context: CheckContext, jobId: Hex): Promise<boolean> {
  const { client, contracts, validatorId } = context.setup;
  const { publicClient } = client;
  const [claims, joins] = await Promise.all([
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.training, ...range, eventName: 'JobClaimed', args: { jobId }, strict: true })),
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'ValidatorRegistered', args: { validatorId }, strict: true })),
  ]);
  const [claimed, joined] = [claims.at(-1), joins.at(-1)];
  return claimed !== undefined && joined !== undefined && joined.blockNumber < claimed.blockNumber;
}
