import type { Preprocess } from '../spec/types.ts';

/** A feature with what was learned from the training rows. */
export type FittedFeature =
  /** x becomes (x - mean) / deviation; `fill`, in the column's own unit, stands for a missing cell, null leaves it missing. */
  | { name: string; kind: 'numeric'; fill: number | null; mean: number; deviation: number }
  /** `missing`: whether a train row misses it, which gives missing a place of its own, behind the categories. */
  | { name: string; kind: 'categorical'; encode: Preprocess['encode']; categories: string[]; missing: boolean };

/** Columns that a feature takes in the design. */
export function featureWidth(feature: FittedFeature): number {
  if (feature.kind === 'numeric' || feature.encode === 'ordinal') return 1;
  return feature.categories.length + (feature.missing ? 1 : 0);
}

/** Columns of the design: the features' in their order. There is no intercept. */
export function designWidth(features: readonly FittedFeature[]): number {
  return features.reduce((width, feature) => width + featureWidth(feature), 0);
}
