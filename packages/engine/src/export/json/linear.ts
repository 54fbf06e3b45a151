import { bodyDoubles } from '../../model/body.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import { designNames } from '../designNames.ts';
import type { Describe } from './describe.ts';

export type LinearScore = { of: string; intercept: number; weights: { [column: string]: number } };

/** The score of a class is its intercept + the sum of weight x column; probabilities are the softmax of the scores. */
export const describeLogistic: Describe = ({ body, classes, features }) => {
  const vectors = classes.length === 2 ? 1 : classes.length;
  const values = bodyDoubles(body, vectors * (designWidth(features) + 1));
  return {
    reading: classes.length === 2
      ? 'score = intercept + sum of weight x column; the probability is 1 / (1 + exp(-score)), that of the other class is the rest'
      : 'score = intercept + sum of weight x column, for each class; probability = exp(score) / sum of exp(score) over the classes',
    scores: linearScores(values, classes.slice(-vectors), designNames(features)),
  };
};

/** Rows of weights with names, the intercept first in each row. */
export function linearScores(values: Float64Array, names: readonly string[], columns: readonly string[]): LinearScore[] {
  const width = columns.length + 1;
  return names.map((of, row) => ({ of, intercept: values[row * width] ?? 0, weights: Object.fromEntries(columns.map((column, index) => [column, values[row * width + 1 + index] ?? 0])) }));
}

/** Linear and ridge regression. */
export const describeLinear: Describe = ({ body, target, features }) => ({
  reading: 'prediction = intercept + sum of weight x column',
  ...linearScores(bodyDoubles(body, designWidth(features) + 1), [target ?? ''], designNames(features))[0],
});
