import { EngineError } from '../../../errors.ts';
import type { Problem } from '../../algorithm.ts';
import { type ParameterValues, integersOf, numberOf, optionalNumberOf, textOf } from '../../../spec/parameters.ts';

/** scikit-learn's `early_stopping='auto'` begins with so many rows. */
const AUTO_ROWS = 10_000;

/** What a spec asks of boosting. Without a limit, `mostLeaves` and `mostDepth` are infinite. */
export type Settings = {
  rate: number;
  iterations: number;
  mostLeaves: number;
  mostDepth: number;
  leastRows: number;
  l2: number;
  maxBins: number;
  seed: number;
  balanced: boolean;
  /** Null where training does not stop early. */
  stopping: { fraction: number; patience: number; tolerance: number } | null;
  /** The sign of each design column's monotone constraint, or 0. */
  signs: Int32Array;
};

/** @throws EngineError BAD_SPEC for what contradicts the table */
export function settingsOf({ parameters, trainRows, width, spec }: Pick<Problem, 'parameters' | 'trainRows' | 'width' | 'spec'>): Settings {
  const rule = textOf(parameters, 'early_stopping');
  const stops = rule === 'on' || (rule === 'auto' && trainRows > AUTO_ROWS);
  return {
    rate: numberOf(parameters, 'learning_rate'),
    iterations: numberOf(parameters, 'max_iter'),
    mostLeaves: optionalNumberOf(parameters, 'max_leaf_nodes') ?? Infinity,
    mostDepth: optionalNumberOf(parameters, 'max_depth') ?? Infinity,
    leastRows: numberOf(parameters, 'min_samples_leaf'),
    l2: numberOf(parameters, 'l2_regularization'),
    maxBins: numberOf(parameters, 'max_bins'),
    seed: numberOf(parameters, 'random_state'),
    balanced: textOf(parameters, 'class_weight') === 'balanced' && spec.task === 'classification',
    stopping: stops ? { fraction: numberOf(parameters, 'validation_fraction'), patience: numberOf(parameters, 'n_iter_no_change'), tolerance: numberOf(parameters, 'tol') } : null,
    signs: signsOf(parameters, width),
  };
}

/** One sign for all columns, or one for each. */
function signsOf(parameters: ParameterValues, width: number): Int32Array {
  const given = integersOf(parameters, 'monotonic_cst');
  if (given.length === 1) return new Int32Array(width).fill(given[0] ?? 0);
  if (given.length === width) return Int32Array.from(given);
  throw new EngineError('BAD_SPEC', `spec.parameters.monotonic_cst has ${given.length} numbers, the features have ${width} encoded columns: give one for each, or one for all, and encode categories as "ordinal".`);
}
