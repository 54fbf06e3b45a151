import { kMeans } from './kmeans.ts';
import type { Learner } from './learner.ts';
import { gaussianNaiveBayes, multinomialNaiveBayes } from './bayes.ts';
import { linearRegression, ridgeRegression } from './leastSquares.ts';
import { pca } from './pca.ts';
import { logistic } from './logistic.ts';
import { forest } from './trees/forest.ts';
import { gradientBoosting } from './trees/gradientBoosting.ts';
import { kNearestNeighbours } from './neighbours.ts';
import { multilayerPerceptron } from './perceptron.ts';

/** The twin of each algorithm, by its name. */
export const learners: Record<string, Learner | undefined> = {
  'linear-regression': linearRegression,
  'ridge-regression': ridgeRegression,
  'logistic-regression': logistic,
  'gaussian-naive-bayes': gaussianNaiveBayes,
  'multinomial-naive-bayes': multinomialNaiveBayes,
  pca,
  'k-means': kMeans,
  'decision-tree': forest,
  'random-forest': forest,
  'gradient-boosting': gradientBoosting,
  'k-nearest-neighbours': kNearestNeighbours,
  'multilayer-perceptron': multilayerPerceptron,
};
