import { type JobDto, type JobSpec, NeuroError, type Receipt, parseJobSpec, parseReceipt, trainingAbi } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { lastLog, readLogs } from './logs.ts';

/** What the chain says of a job's request. */
export type JobFacts = { jobId: Hex; listingId: number; version: number; buyer: Address; specDigest: Hex; recipientKey: Hex };
/** What the chain says of a job's result. */
export type ReceiptFacts = { worker: Address; receiptDigest: Hex; modelDigest: Hex; checkpointRoot: Hex; engineId: Hex; roundId: Hex; checkpoints: number; totalSteps: number };

/** The last step of a run that ended early because its buyer cancelled it; empty where it went to its end. What `train` takes. */
export type RunPart = { lastStep?: number };

/** How far a run has gone that handed in these facts. Checkpoint 0 is the start. */
export function partOf(facts: Pick<ReceiptFacts, 'checkpoints' | 'totalSteps'>): RunPart {
  return facts.totalSteps === 0 ? {} : { lastStep: facts.checkpoints - 1 };
}

/** Reads a job's request from the chain; throws `NOT_FOUND`. */
export async function readJobFacts(parameters: { client: NeuroClient; jobId: Hex }): Promise<JobFacts> {
  const { client, jobId } = parameters;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.training, abi: trainingAbi, eventName: 'JobOpened', args: { jobId }, strict: true, ...range,
  }));
  const { listingId, version, buyer, specDigest, recipientKey } = lastLog(logs, `Job ${jobId}`).args;
  return { jobId, listingId, version, buyer, specDigest, recipientKey };
}

/** Reads what a worker handed in for a job; throws `NOT_READY` before it did. */
export async function readReceiptFacts(parameters: { client: NeuroClient; jobId: Hex }): Promise<ReceiptFacts> {
  const { client, jobId } = parameters;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.training, abi: trainingAbi, eventName: 'ReceiptSubmitted', args: { jobId }, strict: true, ...range,
  }));
  const log = logs.at(-1);
  if (!log) throw new NeuroError(`Job ${jobId} has no receipt.`, { code: 'NOT_READY', remedy: 'Wait until its worker has handed one in.', retryable: true });
  return { worker: log.args.worker, roundId: log.args.roundId, ...log.args.receipt };
}

/** Fetches a job's spec by the digest on chain. Throws `BAD_SPEC`, or what the storage throws. */
export async function readJobSpec(parameters: { client: NeuroClient; specDigest: Hex }): Promise<JobSpec> {
  return parseJobSpec(await readBlock(parameters.client, parameters.specDigest));
}

/**
 * Fetches receipt and spec of a job by their digests on chain, and the job as the node shows it.
 * Throws `NOT_READY` before there is a receipt, `BAD_RECEIPT`, `BAD_SPEC`.
 */
export async function readReceipt(parameters: { client: NeuroClient; jobId: Hex }): Promise<ReceiptFacts & { receipt: Receipt; spec: JobSpec; job: JobDto; facts: JobFacts }> {
  const { client, jobId } = parameters;
  const [facts, handedIn, job] = await Promise.all([readJobFacts(parameters), readReceiptFacts(parameters), client.api.getJob({ jobId })]);
  const [receipt, spec] = await Promise.all([readBlock(client, handedIn.receiptDigest).then(parseReceipt), readJobSpec({ client, specDigest: facts.specDigest })]);
  return { ...handedIn, receipt, spec, job, facts };
}

async function readBlock(client: NeuroClient, digest: Hex): Promise<Uint8Array> {
  return client.storage.readRaw(rawCidOfDigest(digest)).catch((error: unknown) => { throw toNeuroError(error); });
}
