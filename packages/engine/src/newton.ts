import { EngineError } from './errors.ts';
import { allocate, doubles, type Pointer, rowsPerCall } from './kernels.ts';
import type { Problem } from './prepare.ts';

const MAX_HALVINGS = 30;
const MAX_SHIFTS = 12;

/** Newton's method on a problem: where it stands, and the memory that it works in. */
export type Newton = {
  problem: Problem;
  size: number;
  step: number;
  /** Mean log-loss of the train rows + |w|^2 / (2 C trainRows), intercepts unpenalised. */
  loss: number;
  /** Largest absolute component of the loss's gradient. */
  slope: number;
  weights: Pointer;
  trial: Pointer;
  gradient: Pointer;
  direction: Pointer;
  diagonal: Pointer;
  hessian: Pointer;
  sum: Pointer;
};

/** Lets others run between short calls; throws when the run is aborted. */
export type Pause = () => Promise<void> | undefined;

/** Stands at `weights` after `step` steps; all zero at the start. */
export async function createNewton(parameters: { problem: Problem; pause: Pause; step?: number; weights?: Float64Array }): Promise<Newton> {
  const { problem, pause, step = 0, weights } = parameters;
  const { kernels } = problem;
  const size = problem.vectors * problem.width;
  const [start, trial, gradient, direction, diagonal] = Array.from({ length: 5 }, () => allocate(kernels, size * 8));
  const newton: Newton = {
    problem, size, step, loss: 0, slope: 0,
    weights: start ?? 0, trial: trial ?? 0, gradient: gradient ?? 0, direction: direction ?? 0, diagonal: diagonal ?? 0,
    hessian: allocate(kernels, size * size * 8),
    sum: allocate(kernels, 8),
  };
  if (weights !== undefined) doubles(kernels, newton.weights, size).set(weights);
  newton.loss = await lossAt(newton, newton.weights, pause);
  await findGradient(newton, pause);
  return newton;
}

/** One iteration. False when no step lowers the loss further: the state is unchanged then. */
export async function stepNewton(newton: Newton, pause: Pause): Promise<boolean> {
  const { problem, size } = newton;
  const { kernels } = problem;
  await findDirection(newton, pause);
  const slope = kernels.dot(newton.gradient, newton.direction, size);
  let scale = 1;
  for (let halvings = 0; halvings <= MAX_HALVINGS; halvings += 1) {
    kernels.moveWeights(newton.weights, newton.direction, scale, newton.trial, size);
    const loss = await lossAt(newton, newton.trial, pause);
    if (kernels.accepts(newton.loss, loss, scale, slope) === 1) {
      [newton.weights, newton.trial] = [newton.trial, newton.weights];
      newton.loss = loss;
      newton.step += 1;
      await findGradient(newton, pause);
      return true;
    }
    scale /= 2;
  }
  return false;
}

/** The ridge that scikit-learn's C means for the mean loss: 1 / (C n). */
function ridge(problem: Problem): number {
  return 1 / (problem.spec.parameters.C * problem.trainRows);
}

/** Probabilities of all train rows, and the loss, at some weights. */
async function lossAt(newton: Newton, weights: Pointer, pause: Pause): Promise<number> {
  const { kernels, design, width, targets, vectors, classes, probabilities, trainRows } = newton.problem;
  kernels.clear(newton.sum, 1);
  await byRows({ rows: trainRows, work: vectors * width * 4, pause }, (first, last) => {
    const bad = kernels.softmaxRows(design, width, targets, weights, vectors, classes.length, probabilities, newton.sum, first, last);
    if (bad >= 0) throw notFinite();
  });
  const [sum = 0] = doubles(kernels, newton.sum, 1);
  const loss = kernels.objective(sum, trainRows, ridge(newton.problem), weights, vectors, width);
  if (!Number.isFinite(loss)) throw notFinite();
  return loss;
}

/** The gradient at the weights whose probabilities were found last. */
async function findGradient(newton: Newton, pause: Pause): Promise<void> {
  const { problem, gradient, weights, size } = newton;
  const { kernels, design, width, targets, vectors, classes, probabilities, trainRows } = problem;
  kernels.clear(gradient, size);
  await byRows({ rows: trainRows, work: vectors * width, pause }, (first, last) => {
    kernels.gradientRows(design, width, targets, vectors, classes.length, probabilities, gradient, first, last);
  });
  kernels.finishGradient(gradient, trainRows, ridge(problem), weights, vectors, width);
  newton.slope = kernels.largest(gradient, size);
}

/** direction = H^-1 gradient, by Cholesky; a Hessian that is singular in f64 gets a growing diagonal. */
async function findDirection(newton: Newton, pause: Pause): Promise<void> {
  const { problem, hessian, diagonal, size } = newton;
  const { kernels, design, width, vectors, classes, probabilities, trainRows } = problem;
  kernels.clear(hessian, size * size);
  await byRows({ rows: trainRows, work: (size * size) / 2, pause }, (first, last) => {
    kernels.hessianRows(design, width, vectors, classes.length, probabilities, hessian, first, last);
  });
  kernels.finishHessian(hessian, diagonal, trainRows, ridge(problem), vectors, width);
  const largest = kernels.largest(diagonal, size);
  let shift = 0;
  for (let shifts = 0; shifts <= MAX_SHIFTS; shifts += 1) {
    if (await factor(newton, shift, pause)) {
      kernels.solve(hessian, newton.gradient, newton.direction, size);
      return;
    }
    shift = shift === 0 ? largest * 2 ** -40 : shift * 16;
  }
  throw notFinite();
}

async function factor(newton: Newton, shift: number, pause: Pause): Promise<boolean> {
  const { hessian, diagonal, size } = newton;
  const { kernels } = newton.problem;
  kernels.startFactor(hessian, diagonal, shift, size);
  for (let row = 0; row < size; row += 1) {
    if (kernels.factorRow(hessian, diagonal, size, row) !== 0) return false;
    await pause();
  }
  return true;
}

/** Calls the kernel over all rows in short runs. Sums go on where they stood: the cut changes no bit. */
async function byRows(task: { rows: number; work: number; pause: Pause }, call: (first: number, last: number) => void): Promise<void> {
  const rows = rowsPerCall(task.work);
  for (let first = 0; first < task.rows; first += rows) {
    call(first, Math.min(task.rows, first + rows));
    await task.pause();
  }
}

function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'The loss left the range of finite numbers: lower spec.parameters.C, or rescale the columns.');
}
