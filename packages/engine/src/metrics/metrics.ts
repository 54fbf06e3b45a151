import type { Task } from '../spec/types.ts';
import type { Explanation } from './explanation/explanation.ts';
import type { SearchResult, ValidationResult } from './selection.ts';

/** What a run says of its model, measured on the test rows. Plain JSON: it is part of the receipt. */
export type Metrics = {
  task: Task;
  trainRows: number;
  testRows: number;
  /** Rows without a target. */
  droppedRows: number;
  /** By name; null where a score is not defined for these rows. `scoresOf` tells their order and meaning. */
  scores: Record<string, number | null>;
  classes: string[];
  /** confusion[actual][predicted] counts rows, in the order of `classes`; empty unless it is classification. */
  confusion: number[][];
  /** One for each class against the others; of two classes the second one only. Left out beyond ten classes. */
  curves?: ClassCurves[];
  /** As `curves`. */
  calibration?: ClassCalibration[];
  /** The share of the variance that each component keeps, the largest first. */
  explainedVarianceRatio?: number[];
  /** Of classification and regression. */
  explanation?: Explanation;
  /** Where the spec asks for them. */
  validation?: ValidationResult;
  search?: SearchResult;
};

/** A point of a curve, rounded to six decimals. */
export type CurvePoint = [x: number, y: number];

/** Each has at most 101 points, from left to right. */
export type ClassCurves = {
  class: string;
  /** [false positive rate, true positive rate] */
  roc: CurvePoint[];
  /** [recall, precision] */
  precisionRecall: CurvePoint[];
};

/** Ten bins of equal width over the predicted probability, empty ones left out. Shares are rounded to six decimals. */
export type ClassCalibration = { class: string; bins: { predicted: number; observed: number; rows: number }[] };

/** What the scores of a task add to the figures that every run has. */
export type Scored = Pick<Metrics, 'scores' | 'confusion' | 'curves' | 'calibration' | 'explainedVarianceRatio'>;
