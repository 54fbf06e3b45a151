import { EngineError, type RunPlan, type TrainSpec, planRun } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';

/** What a spec makes the worker do on a table that its publisher describes so, or why it would refuse, before anybody pays for it. */
export function planOf(spec: TrainSpec, columns: ManifestColumn[], rows: number): { plan: RunPlan } | { problem: string } {
  try {
    return { plan: planRun({ spec, rows, columns }) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { problem: tFrom(error.message).replace('spec.limits.maxSteps', t`Most steps`).replace('spec.split.testFraction', t`the test fraction`) };
  }
}
