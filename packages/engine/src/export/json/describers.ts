import type { Describe } from './describe.ts';
import { describeLogistic } from './linear.ts';
import { describeBoosting } from './trees.ts';

/** What puts each algorithm's body into words. An algorithm that is not here is exported by its header and features. */
export const describers: Readonly<Record<string, Describe>> = {
  'gradient-boosting': describeBoosting,
  'logistic-regression': describeLogistic,
};
