import { type Json, canonicalJson } from '../canonicalJson.ts';
import type { Digest } from '../hash.ts';
import type { Metrics } from '../metrics/metrics.ts';
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
};

/**
 * Audits a run (whole, if it has search or validation): re-executes the drawn segments, always the first and the last, and the model and metrics that follow from
 * the last state. Where a share f of the steps is forged, k draws find one of them with the chance 1 - (1 - f)^k.
 */
export async function auditRun(parameters: { auditor: Auditor; claim: RunClaim; seed: Digest; count?: number; onProgress?: (done: number, all: number) => void }): Promise<AuditReport> {
  const { auditor, claim, seed, count, onProgress } = parameters;
  const { checkpointDigests: digests, stateAt, stopped } = claim;
  const most = auditor.inParts ? count : Math.max(digests.length, 1);
  const { whole, segments } = drawSegments({ seed, checkpoints: digests.length, ...(most === undefined ? {} : { count: most }) });
  const report: AuditReport = { finding: undefined, whole, steps: digests.length - 1, segments, reexecuted: 0 };
  if (digests.length === 0 || checkpointRoot([...digests]) !== claim.checkpointRoot) return { ...report, finding: { kind: 'root' } };
  const spans = whole ? [{ from: 0, to: digests.length - 1 }] : planSpans(segments, (step) => stateAt(step) !== undefined);
  const all = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  for (const { from, to } of spans) {
    const index = await auditor.check({ from, steps: to - from, digests, stateAt, ends: !stopped });
    report.reexecuted += (index ?? to) - from;
    if (index !== undefined) return { ...report, finding: { kind: 'checkpoint', index } };
    onProgress?.(report.reexecuted, all);
  }
  return { ...report, finding: await compareEnd(auditor, claim) };
}

async function compareEnd(auditor: Auditor, claim: RunClaim): Promise<AuditFinding | undefined> {
  const { modelDigest, metrics } = await auditor.conclude();
  if (modelDigest !== claim.modelDigest) return { kind: 'model' };
  const same = canonicalJson(metrics as unknown as Json) === canonicalJson(claim.metrics as unknown as Json);
  return same ? undefined : { kind: 'metrics' };
}
