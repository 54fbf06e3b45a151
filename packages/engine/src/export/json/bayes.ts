import { bodyDoubles } from '../../model/body.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import { designNames } from '../designNames.ts';
import type { Describe } from './describe.ts';
import { linearScores } from './linear.ts';

const softmax = 'probability = exp(score) / sum of exp(score) over the classes';

export const describeGaussian: Describe = ({ body, classes, features }) => {
  const names = designNames(features);
  const width = designWidth(features);
  const step = 1 + 2 * width;
  const values = bodyDoubles(body, classes.length * step);
  return {
    reading: `score of a class = log(prior) - half the sum over the columns of log(2 pi variance) + (column - mean)^2 / variance; ${softmax}`,
    scores: classes.map((of, index) => {
      const own = values.subarray(index * step, (index + 1) * step);
      return { of, prior: own[0] ?? 0, columns: Object.fromEntries(names.map((name, column) => [name, { mean: own[1 + column] ?? 0, variance: own[1 + width + column] ?? 0 }])) };
    }),
  };
};

export const describeMultinomial: Describe = ({ body, classes, features }) => ({
  reading: `score of a class = intercept + sum of weight x column, the intercept being the logarithm of its share of the rows and a weight that of the column's share of its counts; ${softmax}`,
  scores: linearScores(bodyDoubles(body, classes.length * (designWidth(features) + 1)), classes, designNames(features)),
});
