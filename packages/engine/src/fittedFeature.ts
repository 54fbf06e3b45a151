/** A feature with what was learned from the training rows. */
export type FittedFeature =
  | { name: string; kind: 'numeric'; mean: number; deviation: number }
  | { name: string; kind: 'categorical'; categories: string[]; missing: boolean };

/** Columns that a feature takes in the design matrix. */
export function featureWidth(feature: FittedFeature): number {
  return feature.kind === 'numeric' ? 1 : feature.categories.length + (feature.missing ? 1 : 0);
}

/** Columns of the design matrix: the intercept, then the features in their order. */
export function designWidth(features: FittedFeature[]): number {
  return features.reduce((width, feature) => width + featureWidth(feature), 1);
}

/** Weight vectors: one per class, or one alone for two classes (scikit-learn's choice, too). */
export function vectorCount(classes: number): number {
  return classes === 2 ? 1 : classes;
}
