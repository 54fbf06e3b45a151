import { EngineError } from './errors.ts';
import { allocate, doubles, integers, rowsPerCall } from './kernels.ts';
import type { Newton } from './newton.ts';

/** Over the test rows. confusion[actual][predicted] counts rows, in the order of `classes`. */
export type Metrics = {
  accuracy: number;
  /** Mean negative natural logarithm of the probability of the actual class. */
  logLoss: number;
  confusion: number[][];
  classes: string[];
  trainRows: number;
  testRows: number;
  /** Rows without a target. */
  droppedRows: number;
};

/** Scores the weights on the test rows. */
export function score({ problem, weights }: Newton): Metrics {
  const { kernels, design, width, targets, vectors, classes, probabilities, trainRows, testRows, droppedRows } = problem;
  const loss = allocate(kernels, 8);
  const end = trainRows + testRows;
  const rows = rowsPerCall(vectors * width * 4);
  for (let first = trainRows; first < end; first += rows) {
    const bad = kernels.softmaxRows(design, width, targets, weights, vectors, classes.length, probabilities, loss, first, Math.min(end, first + rows));
    if (bad >= 0) throw new EngineError('NOT_FINITE', 'A test row is too far from the training rows to be scored: correct it.');
  }
  const confusion = classes.map(() => classes.map(() => 0));
  const actual = integers(kernels, targets, end);
  let right = 0;
  for (let row = trainRows; row < end; row += 1) {
    const predicted = kernels.mostLikely(probabilities, classes.length, row);
    const counts = confusion[actual[row] ?? 0];
    if (counts !== undefined) counts[predicted] = (counts[predicted] ?? 0) + 1;
    if (predicted === actual[row]) right += 1;
  }
  const [sum = 0] = doubles(kernels, loss, 1);
  return { accuracy: right / testRows, logLoss: sum / testRows, confusion, classes, trainRows, testRows, droppedRows };
}
