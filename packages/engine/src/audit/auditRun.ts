import { type Json, canonicalJson } from '../canonicalJson.ts';
import type { Digest } from '../hash.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { roundMetrics } from '../metrics/roundMetrics.ts';
import { checkpointRoot } from '../run/merkle.ts';
import { drawSegments } from './drawSegments.ts';
import type { Auditor } from './openAuditor.ts';
import { planSpans } from './planSpans.ts';

/** What a run's worker claims: its receipt, and the states that it kept. */
export type RunClaim = {
  checkpointDigests: readonly Digest[];
  checkpointRoot: Digest;
  modelDigest: Digest;
  metrics: Metrics;
  /** Whether `metrics` are those of a trial: `roundMetrics`. */
  rounded?: boolean;
  /** Whether it was cancelled, and so may end anywhere. */
  stopped: boolean;
  /** A kept state; undefined where it was dropped. */
  stateAt(step: number): Uint8Array | undefined;
};

/** What an audit found to be wrong; `index` is the first differing checkpoint of the segment. */
export type AuditFinding = { kind: 'checkpoint'; index: number } | { kind: 'root' } | { kind: 'model' } | { kind: 'metrics' };

export type AuditReport = {
  finding: AuditFinding | undefined;
  /** Whether all steps were to be re-executed. */
  whole: boolean;
  /** Steps of the run, those that were drawn, and those re-executed (more, where states were dropped). */
  steps: number;
  segments: number[];
  reexecuted: number;
  /** What a step came to instead of the checkpoint that was found to be wrong; undefined where it came to nothing. */
  found?: Digest;
  /** Whether the algorithm's own rule of convergence held at the end; there once the model was looked at. */
  converged?: boolean;
  /** The work (`WorkTrace`) of the drawn steps, in their order; of all checkpoints where the whole run was audited. Who has re-executed shows it by this. */
  work: Digest[];
};

/** Of checkpoints alone: where a segment goes wrong, and what it came to there. */
export type SegmentsReport = Pick<AuditReport, 'reexecuted' | 'found'> & { index: number | undefined };

type Progress = (done: number, all: number) => void;

/**
 * Audits a run (whole, if it has search or validation): re-executes the drawn segments, always the first and the last, and the model and metrics that follow from
 * the last state. Where a share f of the steps is forged, k draws find one of them with the chance 1 - (1 - f)^k.
 */
export async function auditRun(parameters: { auditor: Auditor; claim: RunClaim; seed: Digest; count?: number; onProgress?: Progress }): Promise<AuditReport> {
  const { auditor, claim, seed, count } = parameters;
  const { checkpointDigests: digests } = claim;
  const most = auditor.inParts ? count : Math.max(digests.length, 1);
  const { whole, segments } = drawSegments({ seed, checkpoints: digests.length, ...(most === undefined ? {} : { count: most }) });
  const report: AuditReport = { finding: undefined, whole, steps: digests.length - 1, segments, reexecuted: 0, work: [] };
  if (digests.length === 0 || checkpointRoot([...digests]) !== claim.checkpointRoot) return { ...report, finding: { kind: 'root' } };
  const { index, ...done } = await auditSegments({ ...parameters, segments, whole });
  if (index !== undefined) return { ...report, ...done, finding: { kind: 'checkpoint', index } };
  const { modelDigest, metrics, converged } = await auditor.conclude();
  const audited = whole ? digests.map((_, at) => at) : segments.map((segment) => segment + 1);
  return { ...report, ...done, finding: compareEnd(claim, { modelDigest, metrics }), converged, work: audited.flatMap((at) => auditor.workOf(at) ?? []) };
}

/** Re-executes segments (without any: the start), each from the last kept state before it, up to the first that goes wrong. */
export async function auditSegments(parameters: {
  auditor: Auditor; claim: Pick<RunClaim, 'checkpointDigests' | 'stateAt' | 'stopped'>; segments: readonly number[]; whole?: boolean; onProgress?: Progress;
}): Promise<SegmentsReport> {
  const { auditor, claim: { checkpointDigests: digests, stateAt, stopped }, segments, whole = false, onProgress } = parameters;
  const planned = whole ? [] : planSpans(segments, (step) => stateAt(step) !== undefined);
  const spans = planned.length > 0 ? planned : [{ from: 0, to: whole ? digests.length - 1 : 0 }];
  const all = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  let reexecuted = 0;
  for (const { from, to } of spans) {
    const index = await auditor.check({ from, steps: to - from, digests, stateAt, ends: !stopped });
    reexecuted += Math.max((index ?? to) - from, 0);
    const found = auditor.found();
    if (index !== undefined) return { index, reexecuted, ...(found === undefined ? {} : { found }) };
    onProgress?.(reexecuted, all);
  }
  return { index: undefined, reexecuted };
}

function compareEnd(claim: RunClaim, { modelDigest, metrics }: { modelDigest: Digest; metrics: Metrics }): AuditFinding | undefined {
  if (modelDigest !== claim.modelDigest) return { kind: 'model' };
  const told = claim.rounded ? roundMetrics(metrics) : metrics;
  const same = canonicalJson(told as unknown as Json) === canonicalJson(claim.metrics as unknown as Json);
  return same ? undefined : { kind: 'metrics' };
}
