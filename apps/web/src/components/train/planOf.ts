import { EngineError, type RunPlan, type TrainSpec, planRun } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';

/** What a spec makes the worker do on a table that its publisher describes so, or why it would refuse, before anybody pays for it. */
export function planOf(spec: TrainSpec, columns: ManifestColumn[], rows: number): { plan: RunPlan } | { problem: string } {
  const target = columns.find(({ name }) => name === spec.target);
  try {
    return { plan: planRun({ spec, rows: rows - (target?.missing ?? 0), classes: spec.task === 'classification' ? (target?.distinct ?? 0) : 0 }) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { problem: error.message.replace('spec.limits.maxSteps', 'Most steps').replace('spec.split.testFraction', 'the test fraction') };
  }
}
