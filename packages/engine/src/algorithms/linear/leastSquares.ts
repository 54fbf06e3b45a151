import { EngineError } from '../../errors.ts';
import { badCheckpoint, bytesToDoubles } from '../../run/checkpoint.ts';
import type { Pause } from '../../run/pause.ts';
import { flagOf } from '../../spec/parameters.ts';
import type { Start } from '../algorithm.ts';
import { type Solver, createSolver, factor, setMatrix, solve, solverBytes } from '../rows/cholesky.ts';
import { type Moments, columnMoments, momentsBytes } from '../rows/columnMoments.ts';
import { rowWeights } from '../rows/rowWeights.ts';

/** Rounds of refinement at most. */
export const MOST_ROUNDS = 20;
const DELTA = 2 ** -30;
const ENOUGH = 2 ** -44;
/** A round that changes the solution by more than this share of the change before it gains nothing but rounding. */
const STALLED = 0.9;
const CONSTANT = 2 ** -96;

/** The normal equations of |y - Xw|² + alpha |w|², scaled so that their diagonal is 1, and where their solution stands. */
export type LeastSquares = {
  moments: Moments;
  solver: Solver;
  /** What a column's weight is multiplied by to be a weight of the unscaled column; 0 for constant columns. */
  scales: Float64Array;
  /** [width, width], symmetric. */
  matrix: Float64Array;
  right: Float64Array;
  solution: Float64Array;
  /** The sum of the squared targets, about their mean where there is an intercept. */
  squares: number;
  step: number;
  /** The largest change that the last round made to a weight. */
  change: number;
  loss: number;
  done: boolean;
};

export function leastSquaresBytes(width: number): number {
  return momentsBytes(width + 1) + solverBytes(width) + 65_536;
}

/** Stands before the first round, or at a state. @throws EngineError NOT_FINITE, BAD_CHECKPOINT */
export async function createLeastSquares({ problem, team, pause, alpha }: Start & { alpha: number }, states?: readonly Uint8Array[]): Promise<LeastSquares> {
  const { width } = problem;
  const { weights, total } = rowWeights(problem);
  const moments = await columnMoments({ problem, team, pause, withTarget: true, centred: flagOf(problem.parameters, 'fit_intercept'), weights, total });
  const [last] = states?.slice(-1) ?? [];
  const at = last === undefined ? { step: 0, done: false, change: 0, solution: new Float64Array(width) } : readState(last, width);
  const fit: LeastSquares = { ...scaled(moments, width, alpha), moments, solver: createSolver(team.kernels, width), loss: 0, ...at };
  setMatrix(fit.solver, fit.matrix);
  if (!fit.matrix.every(Number.isFinite) || !fit.right.every(Number.isFinite) || !(await factor(fit.solver, DELTA, pause))) throw notFinite();
  fit.loss = lossOf(fit);
  return fit;
}

/** What a state keeps: the step, 1 at the end, the last change, the scaled solution; f64 each. */
export function keptOf({ step, done, change, solution }: LeastSquares): number[] {
  return [step, done ? 1 : 0, change, ...solution];
}

function readState(kept: Uint8Array, width: number): { step: number; done: boolean; change: number; solution: Float64Array } {
  const [step = 0, done = 0, change = 0, ...solution] = bytesToDoubles(kept, width + 3);
  if (done !== 0 && done !== 1) throw badCheckpoint('does not say whether it is the end');
  return { step, done: done === 1, change, solution: Float64Array.from(solution) };
}

/**
 * Columns are scaled to unit length. One that hardly varies beside its mean is constant, and gets the weight 0. No square
 * root of alpha's share is taken, so the equations stay those of ridge regression.
 */
function scaled({ columns, total, means, products }: Moments, width: number, alpha: number): Pick<LeastSquares, 'scales' | 'matrix' | 'right' | 'squares'> {
  const at = (i: number, j: number): number => products[i * columns + j] ?? 0;
  const scales = Float64Array.from({ length: width }, (_, j) => {
    const mean = means[j] ?? 0;
    const own = at(j, j);
    if (!(own > CONSTANT * (own + total * (mean * mean)))) return 0;
    return 1 / Math.sqrt(own + alpha);
  });
  const matrix = new Float64Array(width * width);
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = (at(i, j) + (i === j ? alpha : 0)) * (scales[i] ?? 0) * (scales[j] ?? 0);
      matrix[i * width + j] = value;
      matrix[j * width + i] = value;
    }
  }
  return { scales, matrix, right: scales.map((scale, j) => at(width, j) * scale), squares: at(width, width) };
}

/**
 * One round: solution += (M + delta I)^-1 (right - M solution). Directions in which M is far above delta converge at
 * once; those in which it is 0 but for rounding are left at 0, which gives the shortest of all solutions. Source:
 * Riley, "Solving systems of linear equations with a positive definite, symmetric, but possibly ill-conditioned
 * matrix", Mathematical Tables and Other Aids to Computation 9 (1955).
 */
export async function refine(fit: LeastSquares, pause: Pause): Promise<boolean> {
  if (fit.done) return false;
  const product = multiply(fit.matrix, fit.solution);
  const change = solve(fit.solver, fit.right.map((value, index) => value - (product[index] ?? 0)));
  fit.solution = fit.solution.map((value, index) => value + (change[index] ?? 0));
  const before = fit.change;
  fit.step += 1;
  fit.change = largest(change);
  fit.done = fit.change <= ENOUGH * largest(fit.solution) || (fit.step > 1 && fit.change > STALLED * before);
  fit.loss = lossOf(fit);
  await pause();
  return true;
}

/** Mean squared error plus alpha |w|² / total. */
function lossOf({ matrix, right, solution, squares, moments }: LeastSquares): number {
  const product = multiply(matrix, solution);
  let linear = 0;
  let quadratic = 0;
  for (const [index, value] of solution.entries()) {
    linear += value * (right[index] ?? 0);
    quadratic += value * (product[index] ?? 0);
  }
  const loss = (squares - 2 * linear + quadratic) / moments.total;
  if (!Number.isFinite(loss)) throw notFinite();
  return Math.max(loss, 0);
}

/** The intercept and the weights of the unscaled columns. */
export function coefficientsOf({ scales, solution, moments: { means, columns } }: LeastSquares): Float64Array {
  const weights = solution.map((value, index) => value * (scales[index] ?? 0));
  let intercept = means[columns - 1] ?? 0;
  for (const [index, weight] of weights.entries()) intercept -= weight * (means[index] ?? 0);
  return Float64Array.of(intercept, ...weights);
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column += 1) sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
    return sum;
  });
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'Sums of squares of the columns left the range of finite numbers: rescale the columns or the target.');
}
