import { exp, log } from './math.ts';
import { type Matrix, at, zeros } from './matrix.ts';
import { type Slots, sumInSlots } from './slots.ts';

/** Rows with the intercept's 1 first, if there is one (`free` is 1 then, else 0); their classes and weights, and whether these differ from 1; the penalties of the mean loss. */
export type Problem = {
  rows: Matrix; targets: number[]; rowWeights: number[]; classes: number;
  weighted: boolean; vectors: number; width: number; free: number; ridge: number; l1: number; slots: Slots;
};

/** A point: weights [vectors][width], the loss there, the gradient of its smooth part, the rows' probabilities by vector. */
export type Point = { weights: Matrix; loss: number; gradient: number[]; probabilities: Map<number, number[]> };

/** Four lanes: column j in lane j mod 4. */
export function laneDot(a: number[], b: number[]): number {
  const lanes = [0, 0, 0, 0];
  for (const [index, value] of a.entries()) lanes[index % 4] = (lanes[index % 4] ?? 0) + value * (b[index] ?? 0);
  const [first = 0, second = 0, third = 0, fourth = 0] = lanes;
  return first + third + (second + fourth);
}

/** Probabilities by vector; the loss for a class is the logarithm of `sum`, and `rest`. One vector is that of the second class. */
export function probabilitiesOf(margins: number[], target: number): { own: number[]; sum: number; rest: number } {
  if (margins.length === 1) {
    const [margin = 0] = margins;
    const e = exp(-Math.abs(margin));
    return { own: [(margin < 0 ? e : 1) / (1 + e)], sum: 1 + e, rest: Math.max(margin, 0) - (target === 1 ? margin : 0) };
  }
  const most = Math.max(...margins);
  const powers = margins.map((margin) => exp(margin - most));
  let sum = 0;
  for (const power of powers) sum += power;
  return { own: powers.map((power) => power / sum), sum, rest: most - (margins[target] ?? 0) };
}

/** The sum of some rows' weights, from the first to the last. */
export function weightOf({ rowWeights }: Problem, slots: Slots): number {
  return slots.flat().reduce((sum, row) => sum + (rowWeights[row] ?? 0), 0);
}

/** The objective over the rows of `slots`. A margin that is not finite makes the loss Infinity. */
export function evaluate(problem: Problem, weights: Matrix, slots: Slots): Point {
  const { rows, targets, rowWeights, classes, width, free, ridge, l1 } = problem;
  const probabilities = new Map<number, number[]>();
  const losses = new Map<number, { sum: number; rest: number }>();
  for (const row of slots.flat()) {
    const margins = weights.map((vector) => laneDot(vector, rows[row] ?? []));
    if (!margins.every(Number.isFinite)) return { weights, loss: Infinity, gradient: [], probabilities };
    const { own, sum, rest } = probabilitiesOf(margins, targets[row] ?? 0);
    probabilities.set(row, own);
    losses.set(row, { sum, rest });
  }
  const total = weightOf(problem, slots);
  const gradient = weights.flatMap((vector, v) => vector.map((weight, j) => {
    const mean = sumInSlots(slots, (row) => {
      const error = (probabilities.get(row)?.[v] ?? 0) - (targets[row] === (classes === 2 ? 1 : v) ? 1 : 0);
      return (rowWeights[row] ?? 0) * error * at(rows, row, j);
    }) / total;
    return j < free ? mean : mean + ridge * weight;
  }));
  let squares = 0;
  let sizes = 0;
  for (const [index, weight] of weights.flat().entries()) {
    if (index % width < free) continue;
    squares += weight * weight;
    sizes += Math.abs(weight);
  }
  const loss = sumLosses(problem, losses, slots) / total + (0.5 * ridge * squares + l1 * sizes);
  return { weights, loss: Number.isNaN(loss) ? Infinity : loss, gradient, probabilities };
}

/** Without weights, one logarithm is taken of the product of 32 rows' sums, after their rests. */
function sumLosses({ rowWeights, weighted }: Problem, losses: Map<number, { sum: number; rest: number }>, slots: Slots): number {
  const of = (row: number): { sum: number; rest: number } => losses.get(row) ?? { sum: 1, rest: 0 };
  if (weighted) return sumInSlots(slots, (row) => (rowWeights[row] ?? 0) * (log(of(row).sum) + of(row).rest));
  let total = 0;
  for (const rows of slots) {
    let part = 0;
    for (let first = 0; first < rows.length; first += 32) {
      const piece = rows.slice(first, first + 32).map(of);
      for (const { rest } of piece) part += rest;
      part += log(piece.reduce((product, { sum }) => product * sum, 1));
    }
    total += part;
  }
  return total;
}

/**
 * The Hessian of the smooth part over the rows of `slots`; entry (v, i), (u, j) stands at row v * width + i, column
 * u * width + j. Source: Böhning, "Multinomial logistic regression algorithm", AISM 44 (1992).
 */
export function hessian(problem: Problem, { probabilities }: Point, slots: Slots): Matrix {
  const { rows, rowWeights, vectors, width, free, ridge } = problem;
  const total = weightOf(problem, slots);
  const result = zeros(vectors * width, vectors * width);
  for (let v = 0; v < vectors; v += 1) {
    for (let u = 0; u <= v; u += 1) {
      for (let i = 0; i < width; i += 1) {
        for (let j = 0; j <= i; j += 1) {
          let value = sumInSlots(slots, (row) => {
            const own = probabilities.get(row)?.[v] ?? 0;
            const scale = (rowWeights[row] ?? 0) * (v === u ? own * (1 - own) : -(own * (probabilities.get(row)?.[u] ?? 0)));
            return scale * at(rows, row, i) * at(rows, row, j);
          }) / total;
          // A constant added to all intercepts changes nothing: this fixes their sum at 0.
          if (vectors > 1 && i < free) value += 1;
          if (v === u && i === j && i >= free) value += ridge;
          for (const [a, b] of [[v * width + i, u * width + j], [v * width + j, u * width + i]] as const) {
            for (const [row, column] of [[a, b], [b, a]] as const) result[row]?.splice(column, 1, value);
          }
        }
      }
    }
  }
  return result;
}

/** The largest component of the subgradient nearest to 0. */
export function largestSlope({ width, free, l1 }: Problem, { weights, gradient }: Point): number {
  const slopes = weights.flat().map((weight, index) => {
    const slope = gradient[index] ?? 0;
    const penalty = index % width < free ? 0 : l1;
    if (weight === 0) return Math.max(Math.abs(slope) - penalty, 0);
    return Math.abs(slope + Math.sign(weight) * penalty);
  });
  return slopes.reduce((most, slope) => Math.max(most, slope), 0);
}
