import type { Task } from '../algorithms/algorithm.ts';
import { createKernels } from '../kernels/index.ts';
import { mostLikely } from '../model/predict.ts';
import type { Problem } from '../prepare/problem.ts';
import type { Pause } from '../run/pause.ts';

/** Over the test rows. */
export type Metrics = {
  task: Task;
  trainRows: number;
  testRows: number;
  /** Rows without a target. */
  droppedRows: number;
  /** By name, in the order in which pages show them; null where a score is not defined for these rows. */
  scores: Record<string, number | null>;
  classes: string[];
  /** confusion[actual][predicted] counts rows, in the order of `classes`; empty unless it is classification. */
  confusion: number[][];
};

const ROWS_A_PIECE = 4_096;

/** Scores a fitted body on the problem's test rows. */
export async function scoreRun(parameters: { problem: Problem; body: Uint8Array; droppedRows: number; pause: Pause }): Promise<Metrics> {
  const { problem, body, droppedRows, pause } = parameters;
  const { spec, classes, trainRows, testRows } = problem;
  const { values, width } = await testOutputs(problem, body, pause);
  const actual = problem.targets.subarray(trainRows);
  const base = { task: spec.task, trainRows, testRows, droppedRows, classes };
  if (spec.task === 'classification') return { ...base, ...scoreClasses(values, width, actual) };
  if (spec.task === 'regression') return { ...base, scores: scoreNumbers(values, actual), confusion: [] };
  return { ...base, scores: {}, confusion: [] };
}

async function testOutputs(problem: Problem, body: Uint8Array, pause: Pause): Promise<{ values: Float64Array; width: number }> {
  const { algorithm, spec, classes, width, trainRows, testRows, parameters } = problem;
  const predictor = algorithm.read(body, { width, classes, task: spec.task, parameters }, createKernels());
  const values = new Float64Array(testRows * predictor.outputs);
  for (let first = 0; first < testRows; first += ROWS_A_PIECE) {
    const last = Math.min(testRows, first + ROWS_A_PIECE);
    values.set(predictor.predict(problem.encode(trainRows + first, trainRows + last), last - first), first * predictor.outputs);
    await pause();
  }
  return { values, width: predictor.outputs };
}

function scoreClasses(outputs: Float64Array, width: number, actual: Float64Array): Pick<Metrics, 'scores' | 'confusion'> {
  const { log } = createKernels();
  const confusion = Array.from({ length: width }, () => Array.from({ length: width }, () => 0));
  let right = 0;
  let loss = 0;
  for (let row = 0; row < actual.length; row += 1) {
    const own = actual[row] ?? 0;
    const predicted = mostLikely(outputs, width, row);
    const counts = confusion[own];
    if (counts !== undefined) counts[predicted] = (counts[predicted] ?? 0) + 1;
    if (predicted === own) right += 1;
    // As scikit-learn's log_loss: a certainty of 0 counts as the smallest step above it.
    loss -= log(Math.max(outputs[row * width + own] ?? 0, Number.EPSILON));
  }
  return { scores: { accuracy: right / actual.length, logLoss: loss / actual.length }, confusion };
}

function scoreNumbers(outputs: Float64Array, actual: Float64Array): Metrics['scores'] {
  let squares = 0;
  for (let row = 0; row < actual.length; row += 1) {
    const error = (outputs[row] ?? 0) - (actual[row] ?? 0);
    squares += error * error;
  }
  return { rmse: Math.sqrt(squares / actual.length) };
}
