import { exp, log } from '../math.ts';
import { partBounds } from '../learner.ts';
import { exponentOf, nearest, powerOfTwo } from './bins.ts';

/** Rows as boosting sees them: who is held out learns nothing, but is scored. */
export type Rows = { targets: number[]; weights: number[]; weighted: boolean; held: boolean[]; classes: number; kind: 'logistic' | 'softmax' | 'squared' };

/** First and second derivative of each row's loss, as integers, and what one unit of them means. */
export type Derivatives = { g: number[]; h: number[]; unitOfG: number; unitOfH: number };

const GRADIENT_BITS = 30;
const LEAST_CHANCE = 2 ** -60;

/** e^-|m| / (1 + e^-|m|) and the rest: the chances against and for the side of 0 on which a margin lies. */
function chances(margin: number): { small: number; big: number } {
  const big = 1 / (1 + exp(-Math.min(700, Math.abs(margin))));
  return { small: exp(-Math.min(700, Math.abs(margin))) * big, big };
}

function chanceOfTarget(margin: number, target: number): number {
  const { small, big } = chances(margin);
  return Math.max(LEAST_CHANCE, margin >= 0 === (target === 1) ? big : small);
}

function softmax(raw: number[]): { most: number; sum: number } {
  const most = Math.max(...raw);
  let sum = 0;
  for (const score of raw) sum += exp(score - most);
  return { most, sum };
}

function lossOf({ kind, targets, weights }: Rows, raw: number[], row: number): number {
  const target = targets[row] ?? 0;
  const weight = weights[row] ?? 1;
  if (kind === 'logistic') return -log(chanceOfTarget(raw[0] ?? 0, target)) * weight;
  if (kind === 'squared') return 0.5 * ((raw[0] ?? 0) - target) * (((raw[0] ?? 0) - target) * weight);
  const { most, sum } = softmax(raw);
  return (log(sum) - ((raw[target] ?? 0) - most)) * weight;
}

/** Sums of losses over the rows that learn and over those held out: within a part from the first row to the last, then part by part. */
export function sumLosses(rows: Rows, raw: number[][]): { fit: number; held: number } {
  const totals = { fit: 0, held: 0 };
  for (const [first, last] of partBounds(raw.length)) {
    const part = { fit: 0, held: 0 };
    let row = first;
    // Two classes without weights and held rows: 16 rows share a logarithm, even and odd places are multiplied apart.
    if (rows.kind === 'logistic' && !rows.weighted && !rows.held.includes(true)) {
      for (; row + 16 <= last; row += 16) {
        const products = [1, 1];
        for (let i = 0; i < 16; i += 1) products[i % 2] = (products[i % 2] ?? 0) * chanceOfTarget(raw[row + i]?.[0] ?? 0, rows.targets[row + i] ?? 0);
        part.fit -= log((products[0] ?? 0) * (products[1] ?? 0));
      }
    }
    for (; row < last; row += 1) part[rows.held[row] === true ? 'held' : 'fit'] += lossOf(rows, raw[row] ?? [], row);
    totals.fit += part.fit;
    totals.held += part.held;
  }
  return totals;
}

/** Derivatives by one output. `raw`: scores now; `begun`: scores when the iteration began, whose chances count. */
export function derivativesOf(rows: Rows, { raw, begun, output }: { raw: number[][]; begun: number[][]; output: number }): Derivatives {
  const { kind, targets, weights } = rows;
  const bits = targets.length.toString(2).length;
  const most = weights.reduce((all, weight) => Math.max(all, weight), 0);
  const errors = targets.map((target, row) => ((raw[row]?.[0] ?? 0) - target) * (weights[row] ?? 1));
  const largest = kind === 'squared' ? errors.reduce((all, error) => Math.max(all, Math.abs(error)), 0) : most;
  const g = powerOfTwo(GRADIENT_BITS - exponentOf(largest));
  const h = powerOfTwo(Math.min(GRADIENT_BITS, 64 - 2 * bits) - exponentOf(most));
  const real = targets.map((target, row): [number, number] => {
    const weight = weights[row] ?? 1;
    const scores = begun[row] ?? [];
    if (kind === 'squared') return [errors[row] ?? 0, weight];
    if (kind === 'logistic') {
      const margin = scores[0] ?? 0;
      const { small, big } = chances(margin);
      const error = margin >= 0 === (target === 1) ? small : big;
      return [(target === 1 ? -error : error) * weight, big * small * weight];
    }
    const { most: highest, sum } = softmax(scores);
    const p = exp((raw[row]?.[output] ?? 0) - highest) / sum;
    return [(target === output ? p - 1 : p) * weight, p * (1 - p) * weight];
  });
  return { g: real.map(([first]) => nearest(first * g)), h: real.map(([, second]) => nearest(second * h)), unitOfG: 1 / g, unitOfH: 1 / h };
}

/** The best constant scores. Sums go from the first row to the last. */
export function baseOf({ kind, targets, weights, held, classes }: Rows): number[] {
  const sums = Array.from({ length: Math.max(classes, 1) }, () => 0);
  let total = 0;
  for (const [row, target] of targets.entries()) {
    if (held[row] === true) continue;
    const weight = weights[row] ?? 1;
    total += weight;
    if (kind === 'squared') sums[0] = (sums[0] ?? 0) + weight * target;
    else sums[target] = (sums[target] ?? 0) + weight;
  }
  if (kind === 'squared') return [(sums[0] ?? 0) / total];
  const logs = sums.map((sum) => log(Math.max(sum / total, 2 ** -52)));
  if (kind === 'logistic') return [(logs[1] ?? 0) - (logs[0] ?? 0)];
  let all = 0;
  for (const one of logs) all += one;
  return logs.map((one) => one - all / classes);
}
