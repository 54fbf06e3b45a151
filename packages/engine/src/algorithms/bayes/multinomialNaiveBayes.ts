import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { bodyDoubles } from '../../model/body.ts';
import { flagOf, numberOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor } from '../algorithm.ts';
import { oneStepTrainer } from '../oneStep.ts';
import { lineOf } from '../rows/rowShares.ts';
import { scoreInPieces } from '../rows/scoreInPieces.ts';
import { type ClassSums, classSums, classSumsBytes } from './classSums.ts';

/** scikit-learn's MultinomialNB. */
export const multinomialNaiveBayes: Algorithm = {
  name: 'multinomial-naive-bayes',
  title: 'Multinomial naive Bayes',
  about: 'For columns of counts, such as words in a text: a class is told by how often each column occurs in it.',
  tasks: ['classification'],
  parameters: [
    { name: 'alpha', kind: 'number', title: 'Smoothing of counts', help: 'Is added to the count of each column in each class, so that none is impossible.', default: 1, least: 1e-10, most: 1e9 },
    { name: 'fit_prior', kind: 'boolean', title: 'Learn how frequent classes are', help: 'Otherwise all classes are taken as equally frequent.', default: true },
  ],
  preprocess: { impute: 'zero', scale: 'none', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: true,
  copiesRows: false,
  checkpoints: 'whole',
  memory: ({ width, classes }) => classSumsBytes(width, classes),
  maxSteps: () => 1,
  start: async (start, states) => {
    const { parameters } = start.problem;
    const sums = await classSums(start, true);
    const { log } = start.team.kernels;
    const values = fit(sums, { alpha: numberOf(parameters, 'alpha'), prior: flagOf(parameters, 'fit_prior') }, log);
    return oneStepTrainer({ losses: lossesOf(sums, values, log), values, states });
  },
  read: readMultinomial,
};

/** The logarithms of each class's prior and of its columns' shares. */
function fit({ weights, total, sums }: ClassSums, { alpha, prior }: { alpha: number; prior: boolean }, log: (x: number) => number): Float64Array {
  return Float64Array.from(weights.flatMap((weight, index) => {
    const counts = [...(sums[index] ?? [])].map((count) => count + alpha);
    const all = counts.reduce((sum, count) => sum + count, 0);
    return [prior ? log(weight / total) : -log(weights.length), ...counts.map((count) => log(count) - log(all))];
  }));
}

/** The mean negative log-likelihood of classes and counts: with equal shares before, with the values after. */
function lossesOf({ weights, total, sums }: ClassSums, values: Float64Array, log: (x: number) => number): [before: number, after: number] {
  let counts = 0;
  let found = 0;
  const step = values.length / weights.length;
  for (const [index, weight] of weights.entries()) {
    found += weight * (values[index * step] ?? 0);
    for (const [column, count] of (sums[index] ?? new Float64Array()).entries()) {
      counts += count;
      found += count * (values[index * step + 1 + column] ?? 0);
    }
  }
  return [log(weights.length) + (counts / total) * log(step - 1), -(found / total)];
}

/** Body: for each class the logarithms of its prior and of each column's share; f64 each. */
function readMultinomial(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor {
  const classes = shape.classes.length;
  const columns = shape.width + 1;
  const line = lineOf(columns);
  const values = bodyDoubles(body, classes * columns);
  const weights = allocate(kernels, classes * line * 8);
  for (let index = 0; index < classes; index += 1) doubles(kernels, weights + index * line * 8, columns).set(values.subarray(index * columns, (index + 1) * columns));
  return scoreInPieces({ kernels, width: shape.width, outputs: classes, intercept: true, score: ({ design, out, rows }) => kernels.scoreRows(design, line, weights, classes, out, 0, rows) });
}
