import { EngineError } from '../../../errors.ts';
import type { Problem } from '../../algorithm.ts';
import type { Task } from '../../algorithm.ts';
import { flagOf, numberOf, optionalNumberOf, textOf } from '../../../spec/parameters.ts';

/** What a spec asks of trees. */
export type ForestSettings = {
  trees: number;
  bootstrap: boolean;
  mostDepth: number;
  /** 0 where there is no limit. */
  mostLeaves: number;
  leastSplit: number;
  leastLeaf: number;
  maxBins: number;
  /** Columns that each node draws. */
  columns: number;
  entropy: boolean;
  balanced: boolean;
  seed: number;
};

/** The deepest tree, where there is no limit. */
const DEEP = 2 ** 31 - 1;

/** A single tree has no `n_estimators`. */
export function forestSettings({ parameters, width, spec }: Pick<Problem, 'parameters' | 'width'> & { spec: { task: Task } }): ForestSettings {
  const many = 'n_estimators' in parameters;
  const classifies = spec.task === 'classification';
  return {
    trees: many ? numberOf(parameters, 'n_estimators') : 1,
    bootstrap: many && flagOf(parameters, 'bootstrap'),
    mostDepth: optionalNumberOf(parameters, 'max_depth') ?? DEEP,
    mostLeaves: optionalNumberOf(parameters, 'max_leaf_nodes') ?? 0,
    leastSplit: numberOf(parameters, 'min_samples_split'),
    leastLeaf: numberOf(parameters, 'min_samples_leaf'),
    maxBins: numberOf(parameters, 'max_bins'),
    columns: columnsOf(textOf(parameters, 'max_features'), width, many && classifies),
    entropy: classifies && textOf(parameters, 'criterion') === 'entropy',
    balanced: classifies && textOf(parameters, 'class_weight') === 'balanced',
    seed: numberOf(parameters, 'random_state'),
  };
}

/** `auto` is scikit-learn's default: the root of the columns in a forest that classifies, else all of them. */
function columnsOf(rule: string, width: number, root: boolean): number {
  if (rule === 'all' || (rule === 'auto' && !root)) return width;
  if (rule === 'log2') return Math.max(1, 31 - Math.clz32(width));
  return Math.max(1, Math.floor(Math.sqrt(width)));
}

/** Rows after which a step ends: a run of a few trees has steps inside them. */
export function budgetOf(trainRows: number, trees: number): number {
  return Math.min(1 << 22, Math.max(1_024, Math.floor(trainRows / Math.ceil(64 / trees))));
}

/** Bytes that a step writes at most: each node counts 16 rows at least. */
export function stepBytes(budget: number, classes: number): number {
  return Math.min(1 << 21, 12 + (Math.floor(budget / 16) + 2) * (4 + 8 * (classes > 2 ? classes : 1)));
}

/** What is taken off the targets of a regression: their mean, from the first row to the last. */
export function middleOf({ targets, trainRows, spec }: Pick<Problem, 'targets' | 'trainRows' | 'spec'>): number {
  if (spec.task !== 'regression') return 0;
  let sum = 0;
  for (let row = 0; row < trainRows; row += 1) sum += targets[row] ?? 0;
  const mean = sum / trainRows;
  if (Number.isFinite(mean)) return mean;
  throw new EngineError('NOT_FINITE', 'The target holds numbers too large to average: rescale it.');
}
