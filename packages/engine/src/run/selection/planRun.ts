import { findAlgorithm } from '../../algorithms/index.ts';
import { countSplit } from '../../prepare/splitRows.ts';
import type { TrainSpec } from '../../spec/types.ts';
import { planFits } from './planFits.ts';

/** What a run will do: how many combinations of parameters it tries, how often it trains, and its steps at most. */
export type RunPlan = { candidates: number; fits: number; maxSteps: number };

/** A table as its profile describes it. */
type Described = { rows: number; columns: readonly { name: string; missing: number; distinct: number }[] };

/**
 * Plans a checked spec's run before anybody has the rows: what a worker would refuse is refused here.
 *
 * @example planRun({ spec, rows: 344, columns }) // { candidates: 12, fits: 61, maxSteps: 6160 }
 * @throws EngineError TOO_FEW_ROWS, and BAD_SPEC where the run may take more steps than `spec.limits.maxSteps`
 */
export function planRun({ spec, rows, columns }: { spec: TrainSpec } & Described): RunPlan {
  const target = columns.find(({ name }) => name === spec.target);
  const { trainRows } = countSplit(rows - (target?.missing ?? 0), spec.split);
  const classes = { length: spec.task === 'classification' ? (target?.distinct ?? 0) : 0 };
  const { candidates, fits, maxSteps } = planFits({ spec, algorithm: findAlgorithm(spec.algorithm), trainRows, classes });
  return { candidates: candidates.length, fits: fits.length, maxSteps };
}
