import type { Family } from './family.ts';
import { logistic } from './linear.ts';
import { boosting } from './trees.ts';

/** What writes each algorithm's graph. An algorithm that is not here has no ONNX form. */
export const families: Readonly<Record<string, Family>> = {
  'gradient-boosting': boosting,
  'logistic-regression': logistic,
};
