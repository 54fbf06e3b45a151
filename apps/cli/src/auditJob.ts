import { randomBytes } from 'node:crypto';
import { type AuditReport, type Metrics, auditRun, engineId, openAuditor } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { NeuroError } from '@neurodata/protocol';
import { openModel, readReceipt } from '@neurodata/sdk';
import { type Hex, bytesToHex } from 'viem';
import type { Context } from './context.ts';
import { createProgress } from './progress.ts';
import { findJob } from './resolve.ts';
import { threadsByDefault } from './trainWithProgress.ts';
import { type VerifyOptions, findData } from './verifyRun.ts';

export type AuditOptions = VerifyOptions & { segments?: number; seed?: Hex };
export type JobAudit = AuditReport & { jobId: Hex; seed: Hex; passed: boolean };

/**
 * Re-executes drawn steps of a run from the states that its worker sealed to the buyer, then the model and the metrics.
 * The draw is this machine's own, so that nobody could prepare for it.
 *
 * @throws NeuroError NO_KEY where states or rows cannot be opened here; BAD_INPUT for a run of another engine
 */
export async function auditJob(context: Context, text: string, options: AuditOptions): Promise<JobAudit> {
  const client = await context.signer();
  const { jobId } = await findJob(context, text);
  const [{ checkpoints, receipt: { body } }, { spec, totalSteps }] = await Promise.all([openModel({ client, jobId }), readReceipt({ client, jobId })]);
  if (spec.engineId !== engineId) throw new NeuroError(`The run used engine ${spec.engineId}, this is ${engineId}.`, { code: 'BAD_INPUT', remedy: 'Use the version of this program that has it.' });
  const data = await findData(context, client, spec, options);
  if (!('csv' in data)) throw new NeuroError('The run cannot be audited here.', { code: 'NO_KEY', details: data.reason, remedy: 'Give the dataset as a file with --data.' });
  const states = new Map(checkpoints.map(({ step, state }) => [step, state]));
  const seed = options.seed ?? bytesToHex(randomBytes(32));
  const auditor = await openAuditor({ csv: data.csv, spec: spec.train, threads: threadsByDefault(), startMember: startNodeMember });
  const progress = createProgress('counts');
  try {
    const report = await auditRun({
      auditor, seed, ...(options.segments === undefined ? {} : { count: options.segments }),
      claim: {
        checkpointDigests: body.checkpointDigests, checkpointRoot: body.checkpointRoot, modelDigest: body.modelDigest, stopped: totalSteps !== 0, stateAt: (step) => states.get(step),
        // The receipt's schema has checked the same shape.
        metrics: body.metrics as Metrics,
      },
      onProgress: (done, all) => progress.update('Re-executing steps', done, all, ''),
    });
    return { ...report, jobId, seed, passed: report.finding === undefined };
  } finally {
    progress.stop();
    auditor.close();
  }
}

/** The outcome in a few lines. */
export function auditText({ finding, whole, steps, segments, reexecuted, seed }: JobAudit): string {
  const done = whole ? `All ${steps} steps were re-executed.` : `${segments.length} of ${steps} steps were drawn (seed ${seed}) and ${reexecuted} re-executed.`;
  if (finding === undefined) return `${done} All of them, the model and the metrics are the receipt's.`;
  const wrong = finding.kind === 'checkpoint' ? `Checkpoint ${finding.index} is not what its step gives: challenge the run.` : `The receipt's ${finding.kind} is not what the run gives.`;
  return `${done} ${wrong}`;
}
