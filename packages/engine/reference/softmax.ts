import { sum } from './features.ts';
import { exp, log } from './math.ts';
import { type Matrix, add, at, dot, zeros } from './matrix.ts';

/** Encoded rows, the intercept's 1 first; the class of each; how many classes; the ridge 1 / (C n). */
export type Data = { rows: Matrix; targets: number[]; classes: number; ridge: number };

/** The class of the first weight vector: with two classes, class 0 has none and the margin 0. */
function firstVector({ classes }: Data): number {
  return classes === 2 ? 1 : 0;
}

/** Class probabilities of a row, and its log-loss for one class. */
function softmax(margins: number[], target: number): { probabilities: number[]; loss: number } {
  const most = Math.max(...margins);
  const powers = margins.map((margin) => exp(margin - most));
  const total = sum(powers);
  return { probabilities: powers.map((power) => power / total), loss: log(total) - ((margins[target] ?? 0) - most) };
}

/** Probabilities [row][class] and the sum of the rows' log-losses. */
export function evaluate(data: Data, weights: Matrix): { probabilities: Matrix; loss: number } {
  const results = data.rows.map((row, index) => {
    const margins = weights.map((vector) => dot(vector, row));
    return softmax(data.classes === 2 ? [0, ...margins] : margins, data.targets[index] ?? 0);
  });
  return { probabilities: results.map(({ probabilities }) => probabilities), loss: sum(results.map(({ loss }) => loss)) };
}

/** Mean log-loss + ridge / 2 * |weights|^2, intercepts left out. */
export function objective(data: Data, lossSum: number, weights: Matrix): number {
  const squares = sum(weights.flatMap((vector) => vector.slice(1).map((weight) => weight * weight)));
  return lossSum / data.rows.length + 0.5 * data.ridge * squares;
}

/** The objective's gradient, [vector][column]. */
export function gradient(data: Data, probabilities: Matrix, weights: Matrix): Matrix {
  const first = firstVector(data);
  return weights.map((vector, v) =>
    vector.map((weight, j) => {
      const terms = data.rows.map((row, index) => {
        const error = at(probabilities, index, v + first) - (data.targets[index] === v + first ? 1 : 0);
        return error * (row[j] ?? 0);
      });
      const mean = sum(terms) / data.rows.length;
      return j === 0 ? mean : mean + data.ridge * weight;
    }),
  );
}

/**
 * The objective's Hessian; entry (v, i), (u, j) stands at row v * width + i, column u * width + j.
 * Source: Böhning, "Multinomial logistic regression algorithm", AISM 44 (1992).
 */
export function hessian(data: Data, probabilities: Matrix, shape: { vectors: number; width: number }): Matrix {
  const { vectors, width } = shape;
  const first = firstVector(data);
  const result = zeros(vectors * width, vectors * width);
  for (let v = 0; v < vectors; v += 1) {
    for (let u = 0; u <= v; u += 1) {
      for (let i = 0; i < width; i += 1) {
        for (let j = 0; j <= i; j += 1) {
          let total = 0;
          for (const [index, row] of data.rows.entries()) {
            const own = at(probabilities, index, v + first);
            const curvature = v === u ? own * (1 - own) : -(own * at(probabilities, index, u + first));
            total += curvature * (row[i] ?? 0) * (row[j] ?? 0);
          }
          let value = total / data.rows.length;
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
