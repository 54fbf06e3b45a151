import { log } from '../math.ts';
import { MISSING } from './bins.ts';

/** A row as a tree sees it: its bins, its target, and integers for its weight and its target times weight. */
export type Sample = { bins: number[]; target: number; weight: number; value: number };
export type Rules = { classes: number; leastRows: number; entropy: boolean; thresholds: number[][]; unitOfValue: number; unitOfWeight: number };
export type Part = { column: number; bin: number; missingLeft: boolean };

/** Sums over rows: how many, their weight, and for each class its weight; regression and two classes have one sum of values. */
type Sums = { rows: number; weight: number; values: number[] };

/** Regression, and two classes by the weight of the second, add up one value; more classes one for each. */
export function sumsOf(samples: Sample[], { classes }: Rules): Sums {
  const values = Array.from({ length: classes > 2 ? classes : 1 }, () => 0);
  let weight = 0;
  for (const sample of samples) {
    const place = classes > 2 ? sample.target : 0;
    values[place] = (values[place] ?? 0) + (classes > 2 ? sample.weight : sample.value);
    weight += sample.weight;
  }
  return { rows: samples.length, weight, values };
}

function power(x: number): number {
  return x > 0 ? x * log(x) : 0;
}

/** The purer the rows, the larger: squared sums by weight, or weights times logarithms. */
export function scoreOf(sums: Sums, { classes, entropy, unitOfValue, unitOfWeight }: Rules): number {
  const weight = sums.weight * unitOfWeight;
  if (classes <= 2) {
    const value = (sums.values[0] ?? 0) * unitOfValue;
    return entropy ? power(value) + power(weight - value) - power(weight) : (value * value) / weight;
  }
  let score = 0;
  for (const own of sums.values) score += entropy ? power(own * unitOfWeight) : own * unitOfWeight * (own * unitOfWeight);
  return entropy ? score - power(weight) : score / weight;
}

/** The best split of some rows by some columns, in their order, or null. `different`: whether a column has more than one value. */
export function searchColumns(samples: Sample[], columns: number[], rules: Rules, best: { score: number; part: Part | null }): { different: boolean } {
  let different = false;
  for (const column of columns) {
    const binOf = ({ bins }: Sample): number => bins[column] ?? 0;
    const missing = samples.filter((sample) => binOf(sample) === MISSING);
    const used = [...new Set(samples.map(binOf))].filter((bin) => bin !== MISSING).sort((a, b) => a - b);
    different ||= used.length + (missing.length > 0 ? 1 : 0) > 1;
    const attempt = (bin: number, missingLeft: boolean): void => {
      const goesLeft = (sample: Sample): boolean => (binOf(sample) === MISSING ? missingLeft : binOf(sample) <= bin);
      const left = sumsOf(samples.filter(goesLeft), rules);
      const right = sumsOf(samples.filter((sample) => !goesLeft(sample)), rules);
      if (left.rows < rules.leastRows || right.rows < rules.leastRows) return;
      const score = scoreOf(left, rules) + scoreOf(right, rules);
      if (!(score > best.score)) return;
      best.score = score;
      best.part = { column, bin, missingLeft: missing.length > 0 ? missingLeft : left.rows > right.rows };
    };
    for (const [index, bin] of used.entries()) {
      if (index === 0) continue;
      const middle = Math.floor(((used[index - 1] ?? 0) + bin - 1) / 2);
      attempt(middle, false);
      if (missing.length > 0) attempt(middle, true);
    }
    if (missing.length > 0 && used.length > 0) attempt(rules.thresholds[column]?.length ?? 0, false);
  }
  return { different };
}
