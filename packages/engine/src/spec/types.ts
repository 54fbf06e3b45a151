import type { ParameterValue, ParameterValues } from './parameters.ts';

export type Task = 'classification' | 'regression' | 'clustering' | 'reduction';

export type ColumnSpec = { name: string; kind: 'numeric' | 'categorical' };

/** How cells become numbers. `none` leaves missing numbers missing, for algorithms that can take them. */
export type Preprocess = {
  /** What stands for a missing number: learned from the train rows, or 0. */
  impute: 'mean' | 'median' | 'most-frequent' | 'zero' | 'none';
  scale: 'standard' | 'none';
  /** one-hot: a column for each category; ordinal: its index in the order of code units, -1 where never seen. */
  encode: 'one-hot' | 'ordinal';
};

/** k-fold cross-validation on the train rows, for an estimate that does not hang on one split. */
export type Validation = {
  folds: number;
  /** Decides which train row is in which fold. */
  seed: number;
};

/** Trains candidates on folds of the train rows and takes the parameters of the best one. */
export type Search = {
  /** grid: all combinations; random: so many of them, drawn by `seed` without repetition. */
  method: 'grid' | 'random';
  /** The values to try, by parameter. Other parameters keep the spec's. */
  parameters: Record<string, ParameterValue[]>;
  /** null for a grid. */
  iterations: number | null;
  folds: number;
  seed: number;
  /** One of the task's scores. */
  score: string;
};

/** The algorithm part of a job spec: plain JSON, so that its canonical form can be hashed. */
export type TrainSpec = {
  algorithm: string;
  task: Task;
  /** null for clustering and reduction. */
  target: string | null;
  features: ColumnSpec[];
  /** A numeric column of sample weights, or null. */
  weight: string | null;
  preprocess: Preprocess;
  split: { rule: 'hash-rank'; seed: number; testFraction: number };
  /** By the algorithm's schema; all of them are there once checked. */
  parameters: ParameterValues;
  /** maxSteps bounds the engine's steps, maxBytes the file and the engine's memory, each in bytes. */
  limits: { maxSteps: number; maxBytes: number };
  /** Left out where there is none, as `search`. Both train on parts of the train rows before the model itself. */
  validation?: Validation;
  search?: Search;
};

/** What a caller may leave out: it takes the algorithm's default. */
export type TrainSpecInput = Omit<TrainSpec, 'task' | 'weight' | 'preprocess' | 'parameters' | 'target' | 'validation' | 'search'> &
  Partial<Pick<TrainSpec, 'task' | 'weight' | 'target'>> & {
    preprocess?: Partial<Preprocess>;
    parameters?: Partial<ParameterValues>;
    validation?: Partial<Validation> | null;
    search?: (Pick<Search, 'method' | 'parameters'> & Partial<Search>) | null;
  };
