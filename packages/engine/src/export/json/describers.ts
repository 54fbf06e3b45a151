import { describeGaussian, describeMultinomial } from './bayes.ts';
import { describeCustom } from './custom.ts';
import type { Describe } from './describe.ts';
import { describeLinear, describeLogistic } from './linear.ts';
import { describeNeighbours } from './neighbours.ts';
import { describePerceptron } from './perceptron.ts';
import { describeBoosting, describeForest } from './trees.ts';
import { describeKMeans, describePca } from './unsupervised.ts';

/** What puts each algorithm's body into words. */
export const describers: Readonly<Record<string, Describe>> = {
  'linear-regression': describeLinear,
  'ridge-regression': describeLinear,
  'logistic-regression': describeLogistic,
  'decision-tree': describeForest,
  'random-forest': describeForest,
  'gradient-boosting': describeBoosting,
  'k-nearest-neighbours': describeNeighbours,
  'gaussian-naive-bayes': describeGaussian,
  'multinomial-naive-bayes': describeMultinomial,
  'multilayer-perceptron': describePerceptron,
  'k-means': describeKMeans,
  pca: describePca,
  custom: describeCustom,
};
