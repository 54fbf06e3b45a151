import { doublesToBytes } from '../src/run/checkpoint.ts';
import { numberOf } from '../src/spec/parameters.ts';
import type { Data, Learner } from './learner.ts';
import { type Point, type Problem, evaluate, hessian, laneDot, largestSlope, probabilitiesOf } from './logisticPoint.ts';
import { type Matrix, at, cholesky, dot, largest, solve, zeros } from './matrix.ts';
import { rowWeights } from './rowWeights.ts';
import { everyNth, lineOf, slotsOf } from './slots.ts';

type State = { point: Point; stride: number };

/** Newton's method, as `src/algorithms/logistic`. */
export const logistic: Learner = (data) => {
  const { parameters, maxSteps } = data;
  const problem = problemOf(data);
  const tolerance = numberOf(parameters, 'tol');
  let stride = firstStride(problem);
  let point = evaluate(problem, startOf(problem, stride, tolerance), problem.slots);
  const states: State[] = [{ point, stride }];
  let converged = largestSlope(problem, point) <= tolerance;
  while (!converged && states.length <= maxSteps) {
    const next = step(problem, { point, stride }, { sample: 1 });
    if (next === undefined) break;
    ({ point, stride } = next);
    states.push(next);
    converged = largestSlope(problem, point) <= tolerance;
  }
  return {
    states: states.map((state, step) => ({ loss: state.point.loss, kept: doublesToBytes([step, state.stride, ...state.point.weights.flat()]) })),
    converged,
    body: doublesToBytes(point.weights.flatMap((vector) => (problem.free === 1 ? vector : [0, ...vector]))),
    predict: (row) => {
      const design = [1, ...row];
      const { own } = probabilitiesOf(point.weights.map((vector) => laneDot(problem.free === 1 ? vector : [0, ...vector], design)), 0);
      return own.length === 1 ? own.flatMap((value) => [1 - value, value]) : own;
    },
  };
};

function problemOf(data: Data): Problem {
  const { targets, classes, parameters } = data;
  const free = parameters['fit_intercept'] === true ? 1 : 0;
  const rows = data.rows.map((row) => (free === 1 ? [1, ...row] : row));
  const weights = rowWeights(data);
  const vectors = classes === 2 ? 1 : classes;
  const width = rows[0]?.length ?? 0;
  const inverse = 1 / (numberOf(parameters, 'C') * weights.reduce((sum, weight) => sum + weight, 0));
  const ratio = numberOf(parameters, 'l1_ratio');
  const slots = slotsOf(rows.length, ((vectors * (vectors + 1)) / 2) * lineOf(width) * lineOf(width));
  const weighted = data.weights !== null || parameters['class_weight'] === 'balanced';
  return { rows, targets, rowWeights: weights, weighted, classes, vectors, width, free, ridge: inverse * (1 - ratio), l1: inverse * ratio, slots };
}

/** The curvature is summed over every so many rows: 256 rows for each weight are enough. */
function firstStride({ rows, vectors, width }: Problem): number {
  let stride = 1;
  while (stride < 64 && rows.length / (stride * 2) >= 256 * vectors * width) stride *= 2;
  return stride;
}

/** All zero; on large tables, where Newton's steps on a sample of the rows lead. */
function startOf(problem: Problem, stride: number, tolerance: number): Matrix {
  const zero = zeros(problem.vectors, problem.width);
  if (stride === 1) return zero;
  let point = evaluate(problem, zero, everyNth(problem.slots, stride));
  for (let steps = 0; steps < 10 && largestSlope(problem, point) > Math.max(tolerance, 2 ** -9); steps += 1) {
    const next = step(problem, { point, stride }, { sample: stride });
    if (next === undefined) break;
    ({ point } = next);
  }
  return point.weights;
}

/** One step, its loss and slopes over every `sample`th row. Undefined when none lowers the loss. */
function step(problem: Problem, from: State, { sample }: { sample: number }): State | undefined {
  const { point } = from;
  for (let { stride } = from; ; stride /= 2) {
    const { direction, promise } = directionFrom(problem, point, hessian(problem, point, everyNth(problem.slots, stride)));
    for (let halvings = 0, scale = 1; halvings <= 30; halvings += 1, scale /= 2) {
      const trial = point.weights.map((vector, v) => vector.map((weight, j) => weight - scale * (direction[v * problem.width + j] ?? 0)));
      const next = evaluate(problem, trial, everyNth(problem.slots, sample));
      if (!(next.loss <= point.loss - 1e-4 * (scale * promise) + 2 ** -48 * Math.abs(point.loss))) continue;
      const misjudged = halvings > 0 || largestSlope(problem, next) > largestSlope(problem, point) / 4;
      return { point: next, stride: sample === 1 && stride > 1 && misjudged ? stride / 2 : stride };
    }
    if (stride === sample) return undefined;
  }
}

/** The way to be taken backwards, and how much loss its first slope promises. */
function directionFrom(problem: Problem, point: Point, matrix: Matrix): { direction: number[]; promise: number } {
  if (problem.l1 > 0) return coordinateDirection(problem, point, matrix);
  const direction = newtonDirection(matrix, point.gradient);
  return { direction, promise: dot(point.gradient, direction) };
}

/** A Hessian that is singular in f64 gets a growing diagonal. */
function newtonDirection(matrix: Matrix, slopes: number[]): number[] {
  let shift = 0;
  for (let shifts = 0; shifts <= 12; shifts += 1) {
    const factor = cholesky(matrix, shift);
    if (factor !== undefined) return solve(factor, slopes);
    shift = shift === 0 ? largest(matrix.map((row, i) => row[i] ?? 0)) * 2 ** -40 : shift * 16;
  }
  throw new RangeError('The Hessian is not positive definite');
}

/** Coordinate descent on the quadratic model with the l1 penalty. */
function coordinateDirection({ width, free, l1 }: Problem, { weights, gradient }: Point, matrix: Matrix): { direction: number[]; promise: number } {
  const from = weights.flat();
  const moved = from.map(() => 0);
  const product = from.map(() => 0);
  for (let sweep = 0; sweep < 1_000; sweep += 1) {
    let change = 0;
    for (const [j, weight] of from.entries()) {
      const curvature = at(matrix, j, j);
      if (!(curvature > 0)) continue;
      const before = weight + (moved[j] ?? 0);
      const aim = curvature * before - ((gradient[j] ?? 0) + (product[j] ?? 0));
      const penalty = j % width < free ? 0 : l1;
      const after = aim > penalty ? (aim - penalty) / curvature : aim < -penalty ? (aim + penalty) / curvature : 0;
      const difference = after - before;
      if (difference === 0) continue;
      moved[j] = (moved[j] ?? 0) + difference;
      for (const [k, entry] of (matrix[j] ?? []).entries()) product[k] = (product[k] ?? 0) + difference * entry;
      change = Math.max(change, Math.abs(difference));
    }
    if (change <= 2 ** -30 * largest(from.map((weight, j) => weight + (moved[j] ?? 0)))) break;
  }
  let promise = 0;
  for (const [j, weight] of from.entries()) {
    const direction = -(moved[j] ?? 0);
    promise += (gradient[j] ?? 0) * direction;
    if (j % width >= free) promise += l1 * (Math.abs(weight) - Math.abs(weight - direction));
  }
  return { direction: moved.map((value) => -value), promise };
}
