import { EngineError } from '../../errors.ts';
import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { badModel, bodyDoubles } from '../../model/body.ts';
import { numberOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor } from '../algorithm.ts';
import { oneStepTrainer } from '../oneStep.ts';
import { lineOf } from '../rows/rowShares.ts';
import { scoreInPieces } from '../rows/scoreInPieces.ts';
import { type ClassSums, classSums, classSumsBytes } from './classSums.ts';

const SMALLEST = 2.2250738585072014e-308;
/** ln 2 pi, rounded. */
const LOG_TWO_PI = 1.8378770664093453;

/** scikit-learn's GaussianNB. */
export const gaussianNaiveBayes: Algorithm = {
  name: 'gaussian-naive-bayes',
  title: 'Gaussian naive Bayes',
  about: 'Takes each column as normal within a class, and independent of the others. Learns in one pass over the rows.',
  tasks: ['classification'],
  parameters: [
    { name: 'var_smoothing', kind: 'number', title: 'Smoothing of variances', help: 'This share of the largest variance of a column is added to all variances.', default: 1e-9, least: 1e-15, most: 1e9 },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: true,
  copiesRows: false,
  checkpoints: 'whole',
  memory: ({ width, classes }) => classSumsBytes(width, classes),
  maxSteps: () => 1,
  start: async (start, states) => {
    const sums = await classSums(start, false);
    const { log } = start.team.kernels;
    const { values, before, after } = fit(sums, numberOf(start.problem.parameters, 'var_smoothing'), log);
    return oneStepTrainer({ losses: [before, after], values, states });
  },
  read: readGaussian,
};

/** Prior, means and variances of each class, and the mean negative log-likelihood of rows and classes: of one class for all before, of these after. */
function fit(sums: ClassSums, smoothing: number, log: (x: number) => number): { values: Float64Array; before: number; after: number } {
  const { shift, weights, total } = sums;
  const all = variancesOf({ weight: total, sums: added(sums.sums), squares: added(sums.squares) });
  const largest = all.reduce((most, value) => Math.max(most, value), 0);
  const floor = smoothing * (largest > 0 ? largest : 1);
  const values: number[] = [];
  let after = 0;
  for (const [index, weight] of weights.entries()) {
    const own = sums.sums[index] ?? new Float64Array();
    const raw = variancesOf({ weight, sums: own, squares: sums.squares[index] ?? own });
    const prior = weight / total;
    values.push(prior, ...own.map((sum, column) => (shift[column] ?? 0) + sum / weight), ...raw.map((variance) => variance + floor));
    after += prior * (likelihood(raw, floor, log) - log(prior));
  }
  const before = likelihood(all, floor, log) + log(weights.length);
  if (!values.every(Number.isFinite) || !Number.isFinite(before) || !Number.isFinite(after)) throw notFinite();
  return { values: Float64Array.from(values), before, after };
}

function added(lists: Float64Array[]): Float64Array {
  const [first = new Float64Array()] = lists;
  return first.map((_, column) => lists.reduce((sum, list) => sum + (list[column] ?? 0), 0));
}

/** Not below 0, where rounding would put them. */
function variancesOf({ weight, sums, squares }: { weight: number; sums: Float64Array; squares: Float64Array }): Float64Array {
  return sums.map((sum, column) => {
    const mean = sum / weight;
    const variance = (squares[column] ?? 0) / weight - mean * mean;
    return variance > 0 || variance !== variance ? variance : 0;
  });
}

/** The mean negative log-likelihood of columns with these variances under normal densities whose variances are larger by `floor`. */
function likelihood(raw: Float64Array, floor: number, log: (x: number) => number): number {
  let sum = 0;
  for (const variance of raw) {
    const used = variance + floor;
    if (!(used >= SMALLEST && used < Infinity)) throw notFinite();
    sum += LOG_TWO_PI + log(used) + variance / used;
  }
  return 0.5 * sum;
}

function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'The variances of the columns left the range of finite numbers: rescale the columns, or raise spec.parameters.var_smoothing.');
}

/** Body: for each class its prior, a mean and a variance for each column; f64 each. */
function readGaussian(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor {
  const { width } = shape;
  const classes = shape.classes.length;
  const line = lineOf(width);
  const step = 1 + 2 * width;
  const values = bodyDoubles(body, classes * step);
  const table = allocate(kernels, classes * (4 + 2 * line) * 8);
  for (let index = 0; index < classes; index += 1) {
    const [prior = 0, ...rest] = values.subarray(index * step, (index + 1) * step);
    const variances = rest.slice(width);
    if (!(prior > SMALLEST && prior <= 1)) throw badModel('has a prior that is not above 0 and at most 1');
    if (variances.some((variance) => !(variance >= SMALLEST))) throw badModel('has a variance that is not above 0');
    let constant = 0;
    for (const variance of variances) constant += LOG_TWO_PI + kernels.log(variance);
    const own = doubles(kernels, table + index * (4 + 2 * line) * 8, 4 + 2 * line);
    own[0] = kernels.log(prior) - 0.5 * constant;
    own.set(rest.slice(0, width), 4);
    own.set(variances.map((variance) => 1 / variance), 4 + line);
  }
  return scoreInPieces({ kernels, width, outputs: classes, intercept: false, score: ({ design, out, rows }) => kernels.gaussianRows(design, line, classes, table, out, 0, rows) });
}
