import { EngineError } from '../../errors.ts';
import type { Problem } from '../algorithm.ts';

/**
 * The train rows' weights: the sample weight times the class weight, or null where all are 1. `balanced` gives each
 * class total / (classes * its own sum), as scikit-learn's `class_weight='balanced'`.
 *
 * @throws EngineError BAD_NUMBER where they add up to nothing that can be divided by
 */
export function rowWeights({ weights, targets, trainRows, classes, parameters }: Problem): { weights: Float64Array | null; total: number } {
  const balanced = parameters['class_weight'] === 'balanced';
  if (weights === null && !balanced) return { weights: null, total: trainRows };
  const own = weights === null ? new Float64Array(trainRows).fill(1) : weights.slice(0, trainRows);
  if (balanced) {
    const sums = new Float64Array(classes.length);
    for (const [row, weight] of own.entries()) sums[targets[row] ?? 0] = (sums[targets[row] ?? 0] ?? 0) + weight;
    const all = totalOf(own);
    for (const [row, weight] of own.entries()) {
      const sum = sums[targets[row] ?? 0] ?? 0;
      own[row] = sum > 0 ? weight * (all / (classes.length * sum)) : 0;
    }
  }
  return { weights: own, total: totalOf(own) };
}

function totalOf(weights: Float64Array): number {
  let total = 0;
  for (const weight of weights) total += weight;
  if (total > 0 && total < Infinity) return total;
  throw new EngineError('BAD_NUMBER', `The weights of the training rows add up to ${total}: give at least one row a weight above 0, and none a huge one.`);
}
