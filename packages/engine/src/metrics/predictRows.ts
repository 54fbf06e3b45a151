import type { Predictor } from '../algorithms/algorithm.ts';
import type { Problem } from '../algorithms/algorithm.ts';
import type { Pause } from '../run/pause.ts';

const ROWS_A_PIECE = 4_096;

/** Outputs of the test rows, [testRows, outputs]. */
export async function predictRows({ problem, predictor, pause }: { problem: Problem; predictor: Predictor; pause: Pause }): Promise<Float64Array> {
  const { trainRows, testRows } = problem;
  const values = new Float64Array(testRows * predictor.outputs);
  for (let first = 0; first < testRows; first += ROWS_A_PIECE) {
    const last = Math.min(testRows, first + ROWS_A_PIECE);
    values.set(predictor.predict(problem.encode(trainRows + first, trainRows + last), last - first), first * predictor.outputs);
    await pause();
  }
  return values;
}
