import { doublesToBytes } from '../src/run/checkpoint.ts';
import { numberOf } from '../src/spec/parameters.ts';
import { sum } from './features.ts';
import { type Learner, type State as Kept, sumInParts } from './learner.ts';
import { exp, log } from './math.ts';
import { type Matrix, add, at, cholesky, dot, largest, solve, zeros } from './matrix.ts';

/** Encoded rows, the intercept's 1 first; the class of each; how many classes; the ridge 1 / (C n). */
type Problem = { rows: Matrix; targets: number[]; classes: number; ridge: number };
type State = { weights: Matrix; loss: number };

/** Newton's method from all-zero weights, as `src/algorithms/logistic`. */
export const logistic: Learner = (data) => {
  const { targets, classes, parameters, maxSteps } = data;
  const rows = data.rows.map((row) => [1, ...row]);
  const problem: Problem = { rows, targets, classes, ridge: 1 / (numberOf(parameters, 'C') * rows.length) };
  const shape = { vectors: classes === 2 ? 1 : classes, width: rows[0]?.length ?? 0 };
  let weights = zeros(shape.vectors, shape.width);
  const states: State[] = [];
  let converged = false;
  for (;;) {
    const { probabilities, loss: lossSum } = evaluate(problem, weights);
    const state = { weights, loss: objective(problem, lossSum, weights) };
    states.push(state);
    const slopes = gradient(problem, probabilities, weights).flat();
    converged = largest(slopes) <= numberOf(parameters, 'tol');
    if (converged || states.length > maxSteps) break;
    const direction = newtonDirection(hessian(problem, probabilities, shape), slopes);
    const next = search(problem, state, { direction, slope: dot(slopes, direction) });
    if (next === undefined) break;
    weights = next;
  }
  return {
    states: states.map((state, step): Kept => ({ loss: state.loss, kept: doublesToBytes([step, ...state.weights.flat()]) })),
    converged,
    body: doublesToBytes(weights.flat()),
    predict: (row) => softmax(marginsOf(problem, weights, [1, ...row]), 0).probabilities,
  };
};

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

/** Halves the step until the loss falls enough (Armijo's rule, with room for 16 units of rounding). */
function search(problem: Problem, from: State, line: { direction: number[]; slope: number }): Matrix | undefined {
  for (let halvings = 0, scale = 1; halvings <= 30; halvings += 1, scale /= 2) {
    const width = from.weights[0]?.length ?? 0;
    const trial = from.weights.map((vector, v) => vector.map((weight, j) => weight - scale * (line.direction[v * width + j] ?? 0)));
    const loss = objective(problem, evaluate(problem, trial).loss, trial);
    if (loss <= from.loss - 1e-4 * scale * line.slope + 2 ** -48 * Math.abs(from.loss)) return trial;
  }
  return undefined;
}

/** The class of the first weight vector: with two classes, class 0 has none and the margin 0. */
function firstVector({ classes }: Pick<Problem, 'classes'>): number {
  return classes === 2 ? 1 : 0;
}

/** Class probabilities of a row, and its log-loss for one class. */
function softmax(margins: number[], target: number): { probabilities: number[]; loss: number } {
  const most = Math.max(...margins);
  const powers = margins.map((margin) => exp(margin - most));
  const total = sum(powers);
  return { probabilities: powers.map((power) => power / total), loss: log(total) - ((margins[target] ?? 0) - most) };
}

/** A row's margin for each class. */
function marginsOf({ classes }: Pick<Problem, 'classes'>, weights: Matrix, row: number[]): number[] {
  const margins = weights.map((vector) => dot(vector, row));
  return classes === 2 ? [0, ...margins] : margins;
}

/** Probabilities [row][class] and the sum of the rows' log-losses. */
function evaluate(data: Problem, weights: Matrix): { probabilities: Matrix; loss: number } {
  const results = data.rows.map((row, index) => softmax(marginsOf(data, weights, row), data.targets[index] ?? 0));
  return { probabilities: results.map(({ probabilities }) => probabilities), loss: sumInParts(results.map(({ loss }) => loss)) };
}

/** Mean log-loss + ridge / 2 * |weights|^2, intercepts left out. */
function objective(data: Problem, lossSum: number, weights: Matrix): number {
  const squares = sum(weights.flatMap((vector) => vector.slice(1).map((weight) => weight * weight)));
  return lossSum / data.rows.length + 0.5 * data.ridge * squares;
}

/** The objective's gradient, [vector][column]. */
function gradient(data: Problem, probabilities: Matrix, weights: Matrix): Matrix {
  const first = firstVector(data);
  return weights.map((vector, v) =>
    vector.map((weight, j) => {
      const terms = data.rows.map((row, index) => {
        const error = at(probabilities, index, v + first) - (data.targets[index] === v + first ? 1 : 0);
        return error * (row[j] ?? 0);
      });
      const mean = sumInParts(terms) / data.rows.length;
      return j === 0 ? mean : mean + data.ridge * weight;
    }),
  );
}

/**
 * The objective's Hessian; entry (v, i), (u, j) stands at row v * width + i, column u * width + j.
 * Source: Böhning, "Multinomial logistic regression algorithm", AISM 44 (1992).
 */
function hessian(data: Problem, probabilities: Matrix, shape: { vectors: number; width: number }): Matrix {
  const { vectors, width } = shape;
  const first = firstVector(data);
  const result = zeros(vectors * width, vectors * width);
  for (let v = 0; v < vectors; v += 1) {
    for (let u = 0; u <= v; u += 1) {
      for (let i = 0; i < width; i += 1) {
        for (let j = 0; j <= i; j += 1) {
          const terms = data.rows.map((row, index) => {
            const own = at(probabilities, index, v + first);
            const curvature = v === u ? own * (1 - own) : -(own * at(probabilities, index, u + first));
            return curvature * (row[i] ?? 0) * (row[j] ?? 0);
          });
          let value = sumInParts(terms) / data.rows.length;
          // A constant added to all intercepts changes nothing: this fixes their sum at 0.
          if (i === 0 && vectors > 1) value += 1;
          if (v === u && i === j && i > 0) value += data.ridge;
          setSymmetric(result, { v, u, i, j, width }, value);
        }
      }
    }
  }
  return result;
}

/** Every block of the Hessian is symmetric, and so is the whole. */
function setSymmetric(matrix: Matrix, place: { v: number; u: number; i: number; j: number; width: number }, value: number): void {
  const { v, u, i, j, width } = place;
  const places = new Set([[v, i, u, j], [v, j, u, i], [u, j, v, i], [u, i, v, j]].map(([a = 0, b = 0, c = 0, d = 0]) => `${a * width + b},${c * width + d}`));
  for (const text of places) {
    const [row = 0, column = 0] = text.split(',').map(Number);
    add(matrix, [row, column], value);
  }
}
