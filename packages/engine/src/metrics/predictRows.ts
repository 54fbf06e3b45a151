import type { Predictor } from '../algorithms/algorithm.ts';
import type { Problem } from '../algorithms/algorithm.ts';
import type { Pause } from '../run/pause.ts';
import { predictionWork } from './explanation/probe.ts';

const ROWS_A_PIECE = 4_096;
/** In the unit of `Algorithm.predictionWork`: some 20 ms. Rows are independent of each other, so pieces change nothing. */
const WORK_A_PIECE = 2 ** 24;

/** Outputs of the test rows, [testRows, outputs]. `body`: the predictor's. */
export async function predictRows({ problem, predictor, body, pause }: { problem: Problem; predictor: Predictor; body: Uint8Array; pause: Pause }): Promise<Float64Array> {
  const { trainRows, testRows } = problem;
  const values = new Float64Array(testRows * predictor.outputs);
  const stride = Math.max(1, Math.min(ROWS_A_PIECE, Math.floor(WORK_A_PIECE / predictionWork(problem, body))));
  for (let first = 0; first < testRows; first += stride) {
    const last = Math.min(testRows, first + stride);
    values.set(predictor.predict(problem.encode(trainRows + first, trainRows + last), last - first), first * predictor.outputs);
    await pause();
  }
  return values;
}
