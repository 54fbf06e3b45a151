import { type Metrics, type TrainResult, engineId, firstDifference, toldResult } from '@neurodata/engine';
import { type JobSpec, NeuroError, type Receipt, canonicalJson, parseReceipt, sha256Hex } from '@neurodata/protocol';
import { type Check, type NeuroClient, type RunPart, checkReceipt, compared, partOf, readReceipt, readTable } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { Context } from './context.ts';
import { scorePairs } from './metricsText.ts';
import { createProgress } from './progress.ts';
import { readBytes } from './readBytes.ts';
import { findJob, findOwnOrder } from './resolve.ts';
import { trainWithProgress } from './trainWithProgress.ts';

export type VerifyOptions = { data?: string };
export type Verdict = { jobId: Hex; receipt: Receipt; checks: Check[]; reexecuted: boolean; passed: boolean };

/**
 * Checks a run by everything that can be checked here: the receipt against the chain, and, where the data is held, the
 * whole run again. `target` is a receipt file or a job id.
 */
export async function verifyRun(context: Context, target: string, options: VerifyOptions): Promise<Verdict> {
  const client = await context.client();
  const given = target.startsWith('0x') ? undefined : parseReceipt(await readBytes(target));
  const jobId = given?.body.jobId ?? (await findJob(context, target)).jobId;
  const { checks, receipt, spec, part } = await checkReceipt({ client, jobId, ...(given ? { receipt: given } : {}) });
  const data = await findData(context, client, spec, options);
  const found = 'csv' in data
    ? [...checks.filter(({ name }) => name !== 'Re-execution'), ...data.checks, ...(await reexecute({ csv: data.csv, spec, receipt, part }))]
    : checks.map((check): Check => (check.name === 'Re-execution' ? { ...check, detail: data.reason } : check));
  return { jobId, receipt, checks: found, reexecuted: 'csv' in data, passed: found.every(({ status }) => status !== 'failed') };
}

type Data = { csv: Uint8Array; checks: Check[] } | { reason: string };

/** The checkpoints of a run, executed again here from the data that the account holds or `options` names. */
export async function repeatRun(context: Context, jobId: Hex, options: VerifyOptions): Promise<{ digests: Hex[]; receipt: Receipt; checkpoints: number }> {
  const client = await context.client();
  const { receipt, spec, checkpoints, totalSteps } = await readReceipt({ client, jobId });
  if (spec.engineId !== engineId) throw new NeuroError(`The run used engine ${spec.engineId}, this is ${engineId}.`, { code: 'BAD_INPUT', remedy: 'Use the version of this program that has it.' });
  const data = await findData(context, client, spec, options);
  if (!('csv' in data)) throw new NeuroError('The run cannot be repeated here.', { code: 'NO_KEY', details: data.reason, remedy: 'Give the dataset as a file with --data.' });
  const result = await trainWithProgress({ csv: data.csv, spec: spec.train, ...partOf({ checkpoints, totalSteps }), stage: 'Re-executing' });
  return { digests: result.checkpoints.map(({ digest }) => digest), receipt, checkpoints };
}

/** The rows of a run: from a file, or bought by the account; otherwise why not. */
export async function findData(context: Context, client: NeuroClient, spec: JobSpec, options: VerifyOptions): Promise<Data> {
  if (options.data !== undefined) return { csv: await readBytes(options.data), checks: [] };
  const { assetId, version } = spec.input;
  if (!client.account) return { reason: 'needs the data: choose an account that bought it with --as, or give it with --data' };
  const order = await findOwnOrder({ context, buyer: client.account.address, assetId, version });
  if (!order) return { reason: `needs the data: this account did not buy asset ${assetId} version ${version}; give it with --data` };
  const progress = createProgress('bytes');
  try {
    const { bytes, checks } = await readTable({ client, orderId: order.orderId, onProgress: ({ done, total }) => progress.update('Fetching and unsealing', done, total) });
    return { csv: bytes, checks };
  } catch (error) {
    // Bought elsewhere: this machine cannot open it, which says nothing about the run.
    if (error instanceof NeuroError && error.code === 'NO_KEY') return { reason: `needs the data: the key of order ${order.orderId} is not kept here; give the data with --data` };
    throw error;
  } finally {
    progress.stop();
  }
}

/** Runs the spec again, a cancelled run as far as it went, and compares, to the bit. */
export async function reexecute(parameters: { csv: Uint8Array; spec: JobSpec; receipt: Receipt; part?: RunPart }): Promise<Check[]> {
  const { csv, spec, receipt, part = {} } = parameters;
  if (spec.engineId !== engineId) return [{ name: 'Re-execution', status: 'not-checked', detail: `the run used engine ${spec.engineId}, this is ${engineId}; use the version that has it`, by: 'nobody here' }];
  const result = await trainWithProgress({ csv, spec: spec.train, ...part, stage: 'Re-executing' });
  return compareRun(toldResult(result, spec.output === 'metrics'), receipt);
}

/** Each result of a re-execution against its receipt; the first differing checkpoint is named. */
export function compareRun(result: Pick<TrainResult, 'checkpoints' | 'modelDigest' | 'metrics' | 'lossCurve' | 'steps' | 'converged'>, receipt: Receipt): Check[] {
  const { body } = receipt;
  const digests = result.checkpoints.map(({ digest }) => digest);
  const difference = firstDifference(digests, body.checkpointDigests as Hex[]);
  return [
    compared({ name: 'Re-executed checkpoints', ok: difference === undefined, passed: `all ${digests.length} states are the same to the bit`, failed: differenceText(difference, digests, body.checkpointDigests) }),
    compared({ name: 'Re-executed model', ok: result.modelDigest === body.modelDigest, passed: result.modelDigest, failed: `gives ${result.modelDigest}, the receipt says ${body.modelDigest}` }),
    compared({ name: 'Re-executed log', ok: logDigest(result) === body.logDigest, passed: body.logDigest, failed: `gives ${logDigest(result)}, the receipt says ${body.logDigest}` }),
    compared({ name: 'Re-executed metrics', ok: sameJson(result.metrics, body.metrics), passed: metricText(result.metrics), failed: `gives ${metricText(result.metrics)}; the receipt says ${metricText(body.metrics)}` }),
    compared({
      name: 'Re-executed loss curve', ok: sameJson(result.lossCurve, body.lossCurve) && result.steps === body.steps && result.converged === body.converged,
      passed: `${result.steps} steps, ${result.converged ? 'converged' : 'stopped at its limit'}`, failed: `gives ${result.steps} steps, the receipt says ${body.steps}, or another loss`,
    }),
  ];
}

/** As workers write it: one line `step N loss L` per checkpoint, numbers as ECMAScript prints them. */
function logDigest({ checkpoints }: Pick<TrainResult, 'checkpoints'>): Hex {
  return sha256Hex(new TextEncoder().encode(checkpoints.map(({ step, loss }) => `step ${step} loss ${loss}\n`).join('')));
}

function differenceText(index: number | undefined, mine: string[], theirs: string[]): string {
  if (index === undefined) return '';
  if (index >= mine.length || index >= theirs.length) return `the run has ${mine.length} checkpoints, the receipt ${theirs.length}; the first ${index} are the same`;
  return `the first difference is checkpoint ${index}: ${mine[index]} here, ${theirs[index]} in the receipt${index === 0 ? '; a wrong receipt, or other data than the run had' : ''}`;
}

function sameJson(a: unknown, b: unknown): boolean {
  return sha256Hex(canonicalJson(a)) === sha256Hex(canonicalJson(b));
}

function metricText(metrics: Pick<Metrics, 'task' | 'scores' | 'testRows'>): string {
  return `${scorePairs(metrics).map(([title, value]) => `${title} ${value}`).join(', ')} over ${metrics.testRows} test rows`;
}
