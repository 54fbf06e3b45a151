import { findAlgorithm } from '../../algorithms/index.ts';
import { countSplit } from '../../prepare/splitRows.ts';
import type { TrainSpec } from '../../spec/types.ts';
import { planFits } from './planFits.ts';

/** What a run will do: how many combinations of parameters it tries, how often it trains, and its steps at most. */
export type RunPlan = { candidates: number; fits: number; maxSteps: number };

/**
 * Plans a run before anybody has the rows. `rows`: those with a target; `classes`: different values of a target of
 * classes, else 0.
 *
 * @example planRun({ spec, rows: 344, classes: 3 }) // { candidates: 12, fits: 61, maxSteps: 6160 }
 * @throws EngineError TOO_FEW_ROWS, and BAD_SPEC where the run may take more steps than `spec.limits.maxSteps`
 */
export function planRun({ spec, rows, classes }: { spec: TrainSpec; rows: number; classes: number }): RunPlan {
  const { trainRows } = countSplit(rows, spec.split);
  const { candidates, fits, maxSteps } = planFits({ spec, algorithm: findAlgorithm(spec.algorithm), trainRows, classes: { length: classes } });
  return { candidates: candidates.length, fits: fits.length, maxSteps };
}
