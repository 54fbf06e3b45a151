/** What a supervised model looks at, measured on test rows. Part of the metrics, and re-executed with them. */
export type Explanation = {
  importance?: Importance;
  dependence?: Dependence;
  /** Why a part is missing, as sentences. */
  notes: string[];
};

/**
 * Permutation importance (Breiman 2001, as scikit-learn's permutation_importance): how much `score` falls when a
 * feature's cells are shuffled among the rows. All encoded columns of a feature are shuffled together.
 */
export type Importance = {
  score: 'accuracy' | 'r2';
  rows: number;
  repeats: number;
  /** The score before shuffling. */
  baseline: number;
  /** In the order of the spec. Mean and population deviation of the fall over the repeats. */
  features: { name: string; mean: number; deviation: number }[];
};

/** Partial dependence (Friedman 2001, scikit-learn's `brute` method): the mean output when a feature has a value in all rows. */
export type Dependence = {
  rows: number;
  /** The class of each column of `means`: the second one of two, all of more; empty for regression. */
  classes: string[];
  /** At most 20, the most important first where importance is known. */
  features: DependenceCurve[];
};

export type DependenceCurve = {
  name: string;
  /** Round numbers within the train rows' range, or categories that at least 20 train rows have. */
  points: number[] | string[];
  /** means[point][class] */
  means: number[][];
};
