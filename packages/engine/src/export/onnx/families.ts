import { gaussian, multinomial } from './bayes.ts';
import type { Family } from './family.ts';
import { linear, logistic } from './linear.ts';
import { neighbours } from './neighbours.ts';
import { perceptron } from './perceptron.ts';
import { boosting, forest } from './trees.ts';

/** What writes each algorithm's graph. An algorithm that is not here has no ONNX form. */
export const families: Readonly<Record<string, Family>> = {
  'linear-regression': linear,
  'ridge-regression': linear,
  'logistic-regression': logistic,
  'decision-tree': forest,
  'random-forest': forest,
  'gradient-boosting': boosting,
  'k-nearest-neighbours': neighbours,
  'gaussian-naive-bayes': gaussian,
  'multinomial-naive-bayes': multinomial,
  'multilayer-perceptron': perceptron,
};
