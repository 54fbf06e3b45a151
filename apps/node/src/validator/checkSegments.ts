import { checkpointRoot, lossOfState, thin } from '@neurodata/engine';
import type { AuditReport, Metrics } from '@neurodata/engine';
import { sha256Hex } from '@neurodata/protocol';
import type { Receipt, ReceiptBody } from '@neurodata/protocol';
import type { RunCheckpoint } from '@neurodata/sdk';
import { hexToBytes } from 'viem';
import type { Hex } from 'viem';
import type { AuditTask, Audited } from '../duty/engineTask.ts';
import type { Job } from '../duty/readJob.ts';
import { auditInThread } from '../duty/runInThread.ts';
import { runLogDigest } from '../duty/runLog.ts';
import { expectNothingMore } from './expectNothingMore.ts';
import { expectFact, Refusal, refuseIfWrong, rejected } from './finding.ts';
import type { Finding } from './finding.ts';
import type { AuditPlan } from './planAudit.ts';
import type { CheckContext } from './readContent.ts';
import { expectInput, expectSteps } from './repeatRun.ts';
import type { RunInput } from './repeatRun.ts';
import { runProofs } from './runProofs.ts';
import { expectKept, openSealedRun } from './sealedRun.ts';

/** Points of a loss curve at most. */
const CURVE_POINTS = 1_000;

type SegmentCheck = { context: CheckContext; job: Job; receipt: Receipt; input: RunInput; plan: AuditPlan };

/**
 * Re-executes the drawn segments of a long run from the states that its worker sealed to the validators, then the model
 * and the metrics. A rejection carries checkpoints for a challenge that leads to a segment which was drawn.
 *
 * @throws Refusal where the receipt is wrong otherwise; anything else where it could not be checked now.
 */
export async function checkSegments(parameters: SegmentCheck): Promise<Finding> {
  const { context, job, receipt, input, plan } = parameters;
  const { roundId, setup: { account } } = context;
  const { body } = receipt;
  let run: AuditReport | undefined;
  try {
    expectInput(receipt, input);
    const checkpoints = await openSealedRun(context, receipt);
    const audited = await audit(parameters, checkpoints, body.checkpointDigests, { seed: plan.seed });
    run = audited.run;
    expectSteps(job, audited.maxSteps);
    expectFact(run?.finding === undefined, problemOf(run));
    expectKept(checkpoints, body.checkpointDigests, audited.chain);
    compareStory({ body, checkpoints, converged: run?.converged, rounded: input.spec.output === 'metrics' });
    if (input.spec.output === 'metrics') await expectNothingMore(context, job, receipt);
  } catch (error) {
    if (error instanceof Refusal) return { ...rejected({ roundId, account, refusal: error }), digests: counterOf(body.checkpointDigests, run) };
    throw error;
  }
  if (run === undefined) throw new Error('The audit told nothing of the run.');
  const told = await runProofs(context, run.work);
  return { verdict: 'accept', ...told, reason: `${run.segments.length} of ${run.steps} segments re-executed, drawn by the chain: they, the model and the metrics are the same` };
}

/**
 * Whether the step to a checkpoint (0 is the start) leads from the receipt's states to the digest that is claimed there;
 * else as a sentence what it leads to.
 */
export async function checkSegment(parameters: Omit<SegmentCheck, 'plan'> & { at: number; claimed: Hex }): Promise<string | undefined> {
  const { context, receipt, at, claimed } = parameters;
  const checkpoints = await openSealedRun(context, receipt);
  const digests = [...receipt.body.checkpointDigests.slice(0, at), claimed];
  const { chain, segments } = await audit(parameters, checkpoints, digests, { segments: at === 0 ? [] : [at - 1] });
  expectKept(checkpoints, receipt.body.checkpointDigests, chain);
  if (segments?.index === undefined) return undefined;
  return segments.index === at && segments.found !== undefined ? `Checkpoint ${at} is ${segments.found}, not ${claimed}.` : `Checkpoint ${segments.index} does not follow from the states before it.`;
}

function audit({ context, job, receipt, input }: Omit<SegmentCheck, 'plan'>, states: RunCheckpoint[], checkpointDigests: Hex[], draw: AuditTask['draw']): Promise<Audited> {
  const { setup: { threads }, timeoutMs, signal } = context;
  const { modelDigest, metrics, checkpointRoot: root } = receipt.body;
  // The receipt's schema has checked the same shape.
  const claim = { checkpointDigests, checkpointRoot: root, modelDigest, metrics: metrics as Metrics, rounded: input.spec.output === 'metrics', stopped: job.totalSteps !== 0 };
  return refuseIfWrong('Training', auditInThread({ csv: input.plaintext, spec: input.spec.train, threads, claim, states, draw }, { timeoutMs, signal }));
}

/** Refuses a receipt whose list of checkpoints is not the one that stands on chain. */
export function expectRoot({ checkpointDigests, checkpointRoot: root }: ReceiptBody): void {
  expectFact(checkpointDigests.length > 0 && checkpointRoot(checkpointDigests) === root, "The receipt's checkpoints do not give its root.");
}

function problemOf(run: AuditReport | undefined): string {
  const finding = run?.finding;
  if (finding?.kind === 'checkpoint') return `Checkpoint ${finding.index} is the first that differs from the re-execution of its segment.`;
  return finding === undefined ? '' : `The receipt's ${finding.kind} differs from the re-execution.`;
}

/** The losses that the states name (a trial's receipt has none), and how it ended. Where states were dropped, the curve is compared at those that are there, and the log not at all. */
function compareStory({ body, checkpoints, converged, rounded }: { body: ReceiptBody; checkpoints: readonly RunCheckpoint[]; converged: boolean | undefined; rounded: boolean }): void {
  expectFact(body.converged === converged, "The receipt's converged differs from the re-execution.");
  const losses = new Map(checkpoints.map(({ step, state }) => [step, lossOfState(state)]));
  const steps = rounded ? [] : thin(body.checkpointDigests.map((_, step) => step), CURVE_POINTS);
  const same = body.lossCurve.length === steps.length && steps.every((step, index) => !losses.has(step) || Object.is(losses.get(step), body.lossCurve[index]));
  expectFact(same, "The receipt's lossCurve is not that of its checkpoints.");
  if (checkpoints.length < body.checkpointDigests.length) return;
  const log = runLogDigest({ checkpoints: checkpoints.map(({ step, digest }) => ({ step, digest, loss: losses.get(step) ?? NaN })) });
  expectFact(body.logDigest === log, "The receipt's logDigest is not that of its checkpoints.");
}

/**
 * The receipt's checkpoints up to the first segment that went wrong, then another one: a challenge with these is narrowed
 * to that segment, whatever was forged before it. Where only the end is wrong, all of them.
 */
function counterOf(digests: Hex[], run: AuditReport | undefined): Hex[] {
  if (run === undefined) return digests;
  const { finding, found, segments } = run;
  if (finding?.kind !== 'checkpoint' || finding.index >= digests.length) return digests;
  const { index } = finding;
  // A segment may begin at an earlier state, and what was drawn is its end.
  const at = index === 0 ? 0 : (segments.find((segment) => segment + 1 >= index) ?? index - 1) + 1;
  const other = index === at ? found : undefined;
  return [...digests.slice(0, at), other ?? sha256Hex(hexToBytes(digests[at] ?? '0x'))];
}

