import { EngineError } from '../errors.ts';
import type { ColumnSpec, Preprocess } from '../spec/types.ts';
import { type Table, numbersOf, textsOf } from '../table/table.ts';
import type { FittedFeature } from './fittedFeature.ts';

/** Table rows by index, in the order in which they stand in the design. */
export type RowOrder = Int32Array;

/** Learns a feature from the given rows. Sums go from the first row to the last. */
export function fitFeature(parameters: { table: Table; rows: RowOrder; spec: ColumnSpec; preprocess: Preprocess }): FittedFeature {
  const { table, rows, spec, preprocess } = parameters;
  if (spec.kind === 'categorical') return fitCategorical(table, rows, spec.name, preprocess.encode);
  const values = numbersOf(table, spec.name);
  const fill = fillOf(preprocess.impute, values, rows, spec.name);
  const scale = preprocess.scale === 'standard' ? scaleOf(values, rows, fill, spec.name) : { mean: 0, deviation: 1 };
  return { name: spec.name, kind: 'numeric', fill, ...scale };
}

function fitCategorical(table: Table, rows: RowOrder, name: string, encode: Preprocess['encode']): FittedFeature {
  const { codes, texts } = textsOf(table, name);
  const seen = new Set<number>();
  for (const row of rows) seen.add(codes[row] ?? -1);
  const categories = [...seen].filter((code) => code >= 0).map((code) => texts[code] ?? '').sort();
  return { name, kind: 'categorical', encode, categories, missing: seen.has(-1) };
}

function fillOf(impute: Preprocess['impute'], values: Float64Array, rows: RowOrder, name: string): number | null {
  if (impute === 'none') return null;
  if (impute === 'zero') return 0;
  const present = Float64Array.from(rows, (row) => values[row] ?? NaN).filter((value) => !Number.isNaN(value));
  const [first] = present;
  // scikit-learn drops a column without any number; a constant 0 says as little and keeps the schema.
  if (first === undefined) return 0;
  if (impute === 'mean') return meanOf(present, name);
  present.sort();
  return impute === 'median' ? medianOf(present) : mostFrequentOf(present);
}

function meanOf(present: Float64Array, name: string): number {
  const [first = 0] = present;
  // A constant column keeps its exact value as the mean: the rounded sum would give it a spread.
  if (present.every((value) => value === first)) return first;
  let sum = 0;
  for (const value of present) sum += value;
  return finite(sum / present.length, name);
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : (sorted[middle - 1] ?? 0) / 2 + high / 2;
}

/** The smallest of the most frequent values. */
function mostFrequentOf(sorted: Float64Array): number {
  let best = sorted[0] ?? 0;
  let most = 0;
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1;
    if (end - start > most) {
      most = end - start;
      best = sorted[start] ?? 0;
    }
  }
  return best;
}

/** Mean and population deviation of all rows, missing ones standing at `fill`, or left out where there is none. */
function scaleOf(values: Float64Array, rows: RowOrder, fill: number | null, name: string): { mean: number; deviation: number } {
  const filled = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const value = values[row] ?? NaN;
    if (!Number.isNaN(value)) filled[count] = value;
    else if (fill !== null) filled[count] = fill;
    else continue;
    count += 1;
  }
  if (count === 0) return { mean: 0, deviation: 1 };
  const used = filled.subarray(0, count);
  const mean = meanOf(used, name);
  let squares = 0;
  for (const value of used) {
    const distance = value - mean;
    squares += distance * distance;
  }
  const deviation = finite(Math.sqrt(squares / count), name);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

function finite(value: number, name: string): number {
  if (Number.isFinite(value)) return value;
  throw new EngineError('NOT_FINITE', `Column ${JSON.stringify(name)} holds numbers too large to average: rescale it.`);
}
