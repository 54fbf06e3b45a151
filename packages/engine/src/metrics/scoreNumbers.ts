import type { Scored } from './metrics.ts';
import { finiteOrNull } from './round.ts';

/** Errors of predicted numbers by scikit-learn's definitions, rows unweighted. */
export function scoreNumbers(outputs: Float64Array, actual: Float64Array): Scored {
  const rows = actual.length;
  const [first = 0] = actual;
  let sum = 0;
  for (const value of actual) sum += value;
  // The rounded mean of a constant target would give it a spread.
  const mean = actual.every((value) => value === first) ? first : sum / rows;
  let absolute = 0;
  let squares = 0;
  let spread = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = actual[row] ?? 0;
    const error = (outputs[row] ?? 0) - value;
    absolute += Math.abs(error);
    squares += error * error;
    spread += (value - mean) * (value - mean);
  }
  return { scores: { r2: rSquared(squares, spread, rows), rmse: finiteOrNull(Math.sqrt(squares / rows)), mae: finiteOrNull(absolute / rows) }, confusion: [] };
}

/** 1 - squares / spread; of a constant target 1 if it is met and 0 if not, as scikit-learn's r2_score has it. */
function rSquared(squares: number, spread: number, rows: number): number | null {
  if (rows < 2) return null;
  if (spread === 0) return squares === 0 ? 1 : 0;
  return finiteOrNull(1 - squares / spread);
}
