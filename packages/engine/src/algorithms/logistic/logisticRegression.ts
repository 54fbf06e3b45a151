import { EngineError } from '../../errors.ts';
import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { bodyDoubles } from '../../model/body.ts';
import { bytesToDoubles, doublesToBytes } from '../../run/checkpoint.ts';
import { numberOf } from '../../spec/parameters.ts';
import { parts } from '../../team/team.ts';
import type { Algorithm, ModelShape, Predictor, Start, Trainer } from '../algorithm.ts';
import { type Newton, createNewton, stepNewton, vectorCount, weightsOf } from './newton.ts';
import { withIntercept } from '../withIntercept.ts';

const ROWS_A_CALL = 4_096;

/** Multinomial logistic regression with an L2 penalty, by Newton's method: scikit-learn's LogisticRegression. */
export const logisticRegression: Algorithm = {
  name: 'logistic-regression',
  title: 'Logistic regression',
  about: 'A weight for each column and class. The first model to try: quick, calibrated, and easy to explain.',
  tasks: ['classification'],
  parameters: [
    { name: 'C', kind: 'number', title: 'Inverse strength of the penalty', help: 'Smaller values keep the weights smaller. As in scikit-learn, the penalty is |w|² / (2 C), intercepts left out.', default: 1, least: 1e-9, most: 1e9 },
    { name: 'max_iter', kind: 'integer', title: 'Most iterations', help: 'Newton steps at most; ten are usual.', default: 100, least: 1, most: 10_000 },
    { name: 'tol', kind: 'number', title: 'Tolerance', help: 'Training ends when no component of the gradient of the mean loss is larger.', default: 1e-4, least: 1e-12, most: 1 },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: false,
  copiesRows: false,
  checkpoints: 'whole',
  memory: ({ trainRows, width, classes }) => {
    const size = vectorCount(classes) * (width + 1);
    return trainRows * (8 * (width + 1) + 8 * classes + 4) + (parts + 2) * size * size * 8 + size * 8 * (8 + parts) + 65_536;
  },
  maxSteps: (values) => numberOf(values, 'max_iter'),
  start: async (start, states) => {
    const size = vectorCount(start.problem.classes.length) * (start.problem.width + 1);
    const [last] = states?.slice(-1) ?? [];
    return trainerOf(await createNewton({ ...start, ...(last === undefined ? {} : readState(last, size)) }), start);
  },
  read: readLogistic,
};

/** u32 step is the checkpoint's; kept are the step as f64 and the weights. */
function readState(kept: Uint8Array, size: number): { step: number; weights: Float64Array } {
  const [step = 0, ...weights] = bytesToDoubles(kept, size + 1);
  return { step, weights: Float64Array.from(weights) };
}

function trainerOf(newton: Newton, { problem, pause }: Start): Trainer {
  const tolerance = numberOf(problem.parameters, 'tol');
  return {
    get step() {
      return newton.step;
    },
    get loss() {
      return newton.loss;
    },
    get converged() {
      return newton.slope <= tolerance;
    },
    advance: () => stepNewton(newton, pause),
    state: () => doublesToBytes([newton.step, ...weightsOf(newton)]),
    body: () => doublesToBytes(weightsOf(newton)),
  };
}

/** Body: a row of f64 weights for each vector, the intercept first. */
function readLogistic(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor {
  const classes = shape.classes.length;
  const vectors = vectorCount(classes);
  const width = shape.width + 1;
  const values = bodyDoubles(body, vectors * width);
  const weights = allocate(kernels, values.length * 8);
  const design = allocate(kernels, ROWS_A_CALL * width * 8);
  const probabilities = allocate(kernels, ROWS_A_CALL * classes * 8);
  const loss = allocate(kernels, 8);
  doubles(kernels, weights, values.length).set(values);
  return {
    outputs: classes,
    predict: (rows, count) => {
      const all = new Float64Array(count * classes);
      for (let first = 0; first < count; first += ROWS_A_CALL) {
        const taken = Math.min(ROWS_A_CALL, count - first);
        doubles(kernels, design, taken * width).set(withIntercept(rows.subarray(first * shape.width, (first + taken) * shape.width), shape.width));
        const bad = kernels.softmaxRows(design, width, 0, weights, vectors, classes, probabilities, loss, 0, taken);
        if (bad >= 0) throw new EngineError('NOT_FINITE', `Row ${first + bad + 1} of these rows is too far from the training rows to be scored: correct it.`);
        all.set(doubles(kernels, probabilities, taken * classes), first * classes);
      }
      return all;
    },
  };
}
