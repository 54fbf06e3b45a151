import type { Describe } from './describe.ts';
import { describeLinear, describeLogistic } from './linear.ts';
import { describeNeighbours } from './neighbours.ts';
import { describeBoosting, describeForest } from './trees.ts';

/** What puts each algorithm's body into words. An algorithm that is not here is exported by its header and features. */
export const describers: Readonly<Record<string, Describe>> = {
  'linear-regression': describeLinear,
  'ridge-regression': describeLinear,
  'logistic-regression': describeLogistic,
  'decision-tree': describeForest,
  'random-forest': describeForest,
  'gradient-boosting': describeBoosting,
  'k-nearest-neighbours': describeNeighbours,
};
