import { EngineError } from '../../errors.ts';
import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { badModel, bodyDoubles } from '../../model/body.ts';
import { badCheckpoint, bytesToDoubles, doublesToBytes } from '../../run/checkpoint.ts';
import { flagOf, numberOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Shape, Start, Trainer } from '../algorithm.ts';
import { solverBytes } from '../rows/cholesky.ts';
import { ROWS_A_PANEL, lineOf } from '../rows/rowShares.ts';
import { setLines } from '../rows/setLines.ts';
import { blocksOf, createNewton, enterNewton, sizesOf, sizesOfProblem, stepNewton, vectorCount } from './newton.ts';
import type { HeldNewton, Newton } from './newtonState.ts';

const ROWS_A_CALL = 4_096;

/** Multinomial logistic regression with an elastic net penalty, by Newton's method: scikit-learn's LogisticRegression. */
export const logisticRegression: Algorithm = {
  name: 'logistic-regression',
  title: 'Logistic regression',
  about: 'A weight for each column and class. The first model to try: quick, calibrated, and easy to explain.',
  tasks: ['classification'],
  parameters: [
    { name: 'C', kind: 'number', title: 'Inverse strength of the penalty', help: 'Smaller values keep the weights smaller. As in scikit-learn, the penalty is (1 - l1_ratio) |w|² / (2 C) + l1_ratio |w| / C, intercepts left out.', default: 1, least: 1e-9, most: 1e9 },
    { name: 'l1_ratio', kind: 'number', title: 'Share of the l1 penalty', help: '0 keeps weights small, 1 makes many of them exactly 0, and between is the elastic net.', default: 0, least: 0, most: 1 },
    { name: 'fit_intercept', kind: 'boolean', title: 'Intercept', help: 'Whether each class has a constant of its own.', default: true },
    { name: 'class_weight', kind: 'choice', title: 'Class weights', help: 'Whether rare classes count as much as frequent ones.', default: 'none', options: [{ value: 'none', help: 'Every row counts the same.' }, { value: 'balanced', help: 'Rows count in inverse proportion to how frequent their class is.' }] },
    { name: 'max_iter', kind: 'integer', title: 'Most iterations', help: 'Newton steps at most; ten are usual.', default: 100, least: 1, most: 10_000 },
    { name: 'tol', kind: 'number', title: 'Tolerance', help: 'Training ends when no component of the gradient of the mean loss is larger.', default: 1e-4, least: 1e-12, most: 1 },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: true,
  copiesRows: false,
  checkpoints: 'whole',
  memory: memoryOf,
  maxSteps: (values) => numberOf(values, 'max_iter'),
  start: async (start, states) => {
    const { size } = sizesOfProblem(start.problem);
    return trainerOf(await createNewton(start, heldIn(states ?? [], size)), start);
  },
  read: readLogistic,
};

function memoryOf({ trainRows, width, classes, parameters }: Shape): number {
  const { vectors, line, size, slots, stride } = sizesOf({ classes, width, trainRows, intercept: flagOf(parameters, 'fit_intercept') });
  const rows = (trainRows + (stride === 1 ? 0 : Math.ceil(trainRows / stride) + slots)) * (8 * line + 8 * vectors + 12);
  const sums = slots * (blocksOf(vectors) * line * line + vectors * line + 4) * 8;
  // What each of up to 16 members has for itself: weights, panels, scales.
  const members = slots * (vectors * line + 2 * ROWS_A_PANEL * line + ROWS_A_PANEL) * 8;
  return rows + sums + members + solverBytes(size) + 16 * size + 131_072;
}

/** What a state keeps: the step, the stride of the curvature's rows, the weights; f64 each. */
function readState(kept: Uint8Array, size: number): HeldNewton {
  const [step = 0, stride = 0, ...weights] = bytesToDoubles(kept, size + 2);
  if (![1, 2, 4, 8, 16, 32, 64].includes(stride)) throw badCheckpoint(`keeps the stride ${stride}`);
  return { step, stride, weights: Float64Array.from(weights) };
}

function heldIn(states: readonly Uint8Array[], size: number): HeldNewton | undefined {
  const [last] = states.slice(-1);
  return last === undefined ? undefined : readState(last, size);
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
    state: () => doublesToBytes([newton.step, newton.stride, ...newton.weights]),
    body: () => doublesToBytes(withIntercepts(newton)),
    resume: (states) => enterNewton(newton, heldIn(states, newton.size), pause),
  };
}

/** Vectors of an intercept and weights; the intercept is 0 where none is fitted. */
function withIntercepts({ weights, vectors, width, free }: Newton): Float64Array {
  const all = new Float64Array(vectors * (width - free + 1));
  for (let v = 0; v < vectors; v += 1) all.set(weights.subarray(v * width, (v + 1) * width), v * (width - free + 1) + (1 - free));
  return all;
}

/** Body: a row of f64 weights for each vector, the intercept first (0 where none is fitted). */
function readLogistic(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor {
  const classes = shape.classes.length;
  const vectors = vectorCount(classes);
  const width = shape.width + 1;
  const line = lineOf(width);
  const values = bodyDoubles(body, vectors * width);
  if (!flagOf(shape.parameters, 'fit_intercept') && values.some((value, index) => index % width === 0 && value !== 0)) throw badModel('has an intercept, which its parameters exclude');
  const weights = allocate(kernels, vectors * line * 8);
  for (let v = 0; v < vectors; v += 1) doubles(kernels, weights + v * line * 8, width).set(values.subarray(v * width, (v + 1) * width));
  const design = allocate(kernels, ROWS_A_CALL * line * 8);
  const probabilities = allocate(kernels, ROWS_A_CALL * vectors * 8);
  return {
    outputs: classes,
    predict: (rows, count) => {
      const all = new Float64Array(count * classes);
      for (let first = 0; first < count; first += ROWS_A_CALL) {
        const taken = Math.min(ROWS_A_CALL, count - first);
        setLines({ lines: doubles(kernels, design, taken * line), line, rows: rows.subarray(first * shape.width, (first + taken) * shape.width), width: shape.width, intercept: true });
        const bad = kernels.scoreRows(design, line, weights, vectors, probabilities, 0, taken);
        if (bad >= 0) throw new EngineError('NOT_FINITE', `Row ${first + bad + 1} of these rows is too far from the training rows to be scored: correct it.`);
        const found = doubles(kernels, probabilities, taken * vectors);
        if (vectors > 1) all.set(found, first * classes);
        else for (const [row, value] of found.entries()) all.set([1 - value, value], (first + row) * 2);
      }
      return all;
    },
  };
}
