import { firstDifference } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import { canonicalJson, parseReceipt, sha256Hex } from '@neurodata/protocol';
import type { Receipt } from '@neurodata/protocol';
import { isSignedByWorker, openArtifact, parseCheckpoints, readLogs, readManifest, readReceiptFacts } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { bytesToHex, isAddressEqual } from 'viem';
import type { Hex } from 'viem';
import { readCheckedSpec, readJob } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import { runLogDigest } from '../duty/runLog.ts';
import { trainInThread } from '../duty/runInThread.ts';
import { bindEvidence, drawIndex, expectFact, Refusal, refuseIfWrong } from './finding.ts';
import type { Finding } from './finding.ts';
import { readContent } from './readContent.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Re-executes a run whole and compares it with its receipt, checkpoint by checkpoint; opens the sealed model and
 * checkpoints as well. The evidence binds the state of a checkpoint that was drawn after the receipt was fixed, never
 * the first: that one is known without any work.
 *
 * @throws Refusal where the receipt is wrong; anything else where it could not be checked now.
 */
export async function checkRun(context: CheckContext, jobId: Hex): Promise<Finding> {
  const { client, account } = context.setup;
  const job = await readJob(client, jobId);
  const bytes = await client.storage.readRaw(rawCidOfDigest(job.receiptDigest));
  const receipt = await refuseIfWrong('The receipt', Promise.resolve().then(() => parseReceipt(bytes)));
  await checkReceipt({ context, job, receipt });
  const checked = await readCheckedSpec(client, job);
  if ('problem' in checked) {
    // A validator that lags behind in engines must not judge those who do not.
    if (checked.otherEngine) throw new Error(checked.problem);
    throw new Refusal(`The run should not have been made. ${checked.problem}`);
  }
  const { spec, facts } = checked;
  const { input } = receipt.body;
  expectFact(input.assetId === facts.assetId && input.version === facts.version && input.contentRoot.toLowerCase() === facts.contentRoot, 'The receipt names another input than the job has.');
  const manifest = await refuseIfWrong('The manifest', readManifest({ client, facts }));
  const { plaintext } = await readContent({ context, facts, manifest });
  const result = await refuseIfWrong('Training', trainInThread({ csv: plaintext, spec: spec.train, timeoutMs: context.timeoutMs, signal: context.signal }));
  compareRun(receipt, result);
  await checkSealed({ context, job, receipt });
  const last = result.checkpoints.length - 1;
  const index = last === 0 ? 0 : 1 + drawIndex({ seed: context.seed, account, count: last });
  const state = result.checkpoints[index]?.state ?? new Uint8Array();
  return { verdict: 'accept', evidence: bindEvidence(account, bytesToHex(state)), reason: `re-executed: ${result.checkpoints.length} checkpoints, model and metrics are the same` };
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
  for (const [what, said, chain] of pairs) expectFact(said.toLowerCase() === chain.toLowerCase(), `The receipt names the ${what} ${said}, the chain has ${chain}.`);
}

function compareRun(receipt: Receipt, result: TrainResult): void {
  const { body } = receipt;
  expectFact(body.engineId === result.engineId, `The receipt names engine ${body.engineId}, the run needs ${result.engineId}.`);
  const at = firstDifference(body.checkpointDigests, result.checkpoints.map(({ digest }) => digest));
  expectFact(at === undefined, `Checkpoint ${at} is the first that differs from the re-execution.`);
  const pairs = [
    ['checkpointRoot', body.checkpointRoot, result.checkpointRoot], ['modelDigest', body.modelDigest, result.modelDigest], ['steps', body.steps, result.steps],
    ['converged', body.converged, result.converged], ['metrics', body.metrics, result.metrics], ['lossCurve', body.lossCurve, result.lossCurve], ['logDigest', body.logDigest, runLogDigest(result)],
  ] as const;
  for (const [field, said, found] of pairs) expectFact(sha256Hex(canonicalJson(said)) === sha256Hex(canonicalJson(found)), `The receipt's ${field} differs from the re-execution.`);
}

async function checkSealed(parameters: { context: CheckContext; job: Job; receipt: Receipt }): Promise<void> {
  const { context, job, receipt } = parameters;
  const { client, identity } = context.setup;
  const { sealed, modelDigest, checkpointDigests } = receipt.body;
  if (!(await wasActiveAtClaim(context, job.jobId))) return;
  const model = await refuseIfWrong('The sealed model', openArtifact({ client, cid: sealed.modelCid, identity, signal: context.signal }));
  expectFact(sha256Hex(model) === modelDigest, "The sealed model is not the receipt's.");
  const file = await refuseIfWrong('The sealed checkpoints', openArtifact({ client, cid: sealed.checkpointsCid, identity, signal: context.signal }));
  const checkpoints = await refuseIfWrong('The sealed checkpoints', Promise.resolve().then(() => parseCheckpoints(file)));
  const at = firstDifference(checkpointDigests, checkpoints.map(({ state }) => sha256Hex(state)));
  expectFact(at === undefined, `Checkpoint ${at} of the sealed file is not the receipt's.`);
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
