import { oneOf } from '../spec/fields.ts';
import type { Algorithm } from './algorithm.ts';
import { customModule } from './custom/customModule.ts';
import { kMeans } from './kmeans/kmeans.ts';
import { pca } from './pca/pca.ts';
import { gaussianNaiveBayes } from './bayes/gaussianNaiveBayes.ts';
import { multinomialNaiveBayes } from './bayes/multinomialNaiveBayes.ts';
import { linearRegression } from './linear/linearRegression.ts';
import { ridgeRegression } from './linear/ridgeRegression.ts';
import { logisticRegression } from './logistic/logisticRegression.ts';
import { decisionTree } from './trees/forest/decisionTree.ts';
import { randomForest } from './trees/forest/randomForest.ts';
import { gradientBoosting } from './trees/boosting/gradientBoosting.ts';
import { kNearestNeighbours } from './neighbours/kNearestNeighbours.ts';
import { multilayerPerceptron } from './perceptron/multilayerPerceptron.ts';

/** Every algorithm of the engine. A new one is a line here. */
export const algorithms: readonly Algorithm[] = [
  linearRegression,
  ridgeRegression,
  logisticRegression,
  gaussianNaiveBayes,
  multinomialNaiveBayes,
  pca,
  kMeans,
  decisionTree,
  randomForest,
  gradientBoosting,
  kNearestNeighbours,
  multilayerPerceptron,
  customModule,
];

/** @throws EngineError BAD_SPEC */
export function findAlgorithm(name: unknown): Algorithm {
  const known = oneOf(name, 'spec.algorithm', algorithms.map((algorithm) => algorithm.name));
  const found = algorithms.find((algorithm) => algorithm.name === known);
  if (found === undefined) throw new TypeError(`No algorithm ${known}`);
  return found;
}
