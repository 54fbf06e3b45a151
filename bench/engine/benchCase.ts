import type { Task, TrainSpecInput } from '@neurodata/engine';

/** Columns of numbers for one problem; the first `trainRows` rows train, the others measure quality. */
export type BenchData = {
  columns: Float64Array[];
  /** A class index from 0 for each row, or a number; null for clustering and reduction. */
  target: Float64Array | null;
  trainRows: number;
};

/** How good the outputs for the test rows are. `outputs` is [rows, width] row by row; `design` the test rows' design. */
export type Quality = {
  name: string;
  of(parameters: { outputs: Float64Array; width: number; actual: Float64Array; design: Float64Array; designWidth: number }): number;
};

/**
 * One comparison with scikit-learn. A new one is a file in `cases/` that exports `benchCase`.
 * Both sides learn from the same design (what `preprocess` makes of the columns), held in memory as f64.
 */
export type BenchCase = {
  /** What is typed after `npm run bench -- engine`, and the key of the JSON line. */
  name: string;
  task: Task;
  make(): BenchData;
  spec: Pick<TrainSpecInput, 'algorithm'> & Partial<Pick<TrainSpecInput, 'preprocess' | 'parameters'>>;
  /**
   * Estimators as Python expressions; all of scikit-learn's public estimators are known by their names, `np` is numpy,
   * `threads` the number of threads (for `n_jobs`). The fastest one counts: give every setting that a user would take.
   */
  sklearn: readonly string[];
  /** What is compared on real tables, where that is not what is timed. */
  learned?: Pick<BenchCase, 'spec' | 'sklearn'>;
  /** The estimator's method whose answer for the test rows is compared. */
  method: 'predict_proba' | 'predict' | 'transform';
  /** What the clock measures: `fit` from data in memory to the fitted model; `predict` the outputs of the test rows. */
  timed: 'fit' | 'predict';
  quality: Quality;
};
