import type { ParameterValues } from '../spec/parameters.ts';

/** Mean and population deviation of a score over folds; null where it is not defined on one of them. */
export type Spread = { mean: number; deviation: number } | null;

/** A score on each fold, from the first one; null where it is not defined there. */
export type FoldScores = (number | null)[];

/** Cross-validation of the model's parameters: each score over the folds, and on each of them. */
export type ValidationResult = { folds: number; scores: Record<string, Spread>; byFold: Record<string, FoldScores> };

export type SearchResult = {
  score: string;
  folds: number;
  /** Index of the candidate whose parameters the model has. */
  best: number;
  /** In the order in which they were tried: what they changed, and the score over the folds and on each of them. */
  candidates: { parameters: ParameterValues; score: Spread; byFold: FoldScores }[];
};

/** Sums from the first fold to the last. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += ((value ?? 0) - mean) * ((value ?? 0) - mean);
  const deviation = Math.sqrt(squares / values.length);
  return Number.isFinite(mean) && Number.isFinite(deviation) ? { mean: mean + 0, deviation } : null;
}
