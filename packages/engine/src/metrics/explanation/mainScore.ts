import { mostLikely } from '../../model/mostLikely.ts';
import { scoreNumbers } from '../scoreNumbers.ts';
import type { Importance } from './explanation.ts';

/** The score that importance is told by; null where it is not defined. */
export function mainScore(score: Importance['score'], outputs: Float64Array, actual: Float64Array): number | null {
  if (score === 'r2') return scoreNumbers(outputs, actual).scores['r2'] ?? null;
  const width = outputs.length / actual.length;
  let right = 0;
  for (let row = 0; row < actual.length; row += 1) right += mostLikely(outputs, width, row) === actual[row] ? 1 : 0;
  return right / actual.length;
}
