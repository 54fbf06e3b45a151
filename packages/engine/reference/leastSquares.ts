import { doublesToBytes } from '../src/run/checkpoint.ts';
import { numberOf } from '../src/spec/parameters.ts';
import type { Data, Learner } from './learner.ts';
import { laneDot } from './logisticPoint.ts';
import { type Matrix, at, cholesky, dot, largest, solve } from './matrix.ts';
import { momentsOf } from './moments.ts';
import { rowWeights } from './rowWeights.ts';

export const linearRegression: Learner = (data) => leastSquares(data, 0);
export const ridgeRegression: Learner = (data) => leastSquares(data, numberOf(data.parameters, 'alpha'));

/** Normal equations scaled to a unit diagonal, solved by rounds of refinement, as `src/algorithms/linear`. */
function leastSquares(data: Data, alpha: number): ReturnType<Learner> {
  const rows = data.rows.map((row, index) => [...row, data.targets[index] ?? 0]);
  const { total, means, products } = momentsOf(rows, rowWeights(data), data.parameters['fit_intercept'] === true);
  const width = means.length - 1;
  const columns = Array.from({ length: width }, (_, index) => index);
  const scales = columns.map((j) => {
    const own = at(products, j, j);
    const mean = means[j] ?? 0;
    return own > 2 ** -96 * (own + total * (mean * mean)) ? 1 / Math.sqrt(own + alpha) : 0;
  });
  const entry = (i: number, j: number): number => (at(products, i, j) + (i === j ? alpha : 0)) * (scales[Math.max(i, j)] ?? 0) * (scales[Math.min(i, j)] ?? 0);
  const matrix: Matrix = columns.map((i) => columns.map((j) => entry(i, j)));
  const right = columns.map((j) => at(products, width, j) * (scales[j] ?? 0));
  const factor = cholesky(matrix, 2 ** -30);
  if (factor === undefined) throw new RangeError('The normal equations are not finite');
  const lossOf = (x: number[]): number => Math.max((at(products, width, width) - 2 * dot(x, right) + dot(x, multiply(matrix, x))) / total, 0);
  let solution = columns.map(() => 0);
  let converged = false;
  let moved = 0;
  const states = [{ loss: lossOf(solution), kept: doublesToBytes([0, 0, 0, ...solution]) }];
  while (!converged && states.length <= data.maxSteps) {
    const product = multiply(matrix, solution);
    const change = solve(factor, right.map((value, index) => value - (product[index] ?? 0)));
    solution = solution.map((value, index) => value + (change[index] ?? 0));
    converged = largest(change) <= 2 ** -44 * largest(solution) || (states.length > 1 && largest(change) > 0.9 * moved);
    moved = largest(change);
    states.push({ loss: lossOf(solution), kept: doublesToBytes([states.length, converged ? 1 : 0, moved, ...solution]) });
  }
  const weights = solution.map((value, index) => value * (scales[index] ?? 0));
  const intercept = weights.reduce((left, weight, index) => left - weight * (means[index] ?? 0), means[width] ?? 0);
  return { states, converged, body: doublesToBytes([intercept, ...weights]), predict: (row) => [laneDot([intercept, ...weights], [1, ...row])] };
}

function multiply(matrix: Matrix, vector: number[]): number[] {
  return matrix.map((row) => dot(row, vector));
}
