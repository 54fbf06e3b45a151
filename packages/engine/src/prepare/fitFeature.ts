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
  const scale = preprocess.scale === 'standard' ? scaleOf({ values, rows, fill, name: spec.name }) : { mean: 0, deviation: 1 };
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
  if (impute === 'mean') return meanOf({ values, rows, fill: null, name })?.mean ?? 0;
  const present = Float64Array.from(rows, (row) => values[row] ?? NaN).filter((value) => !Number.isNaN(value));
  // scikit-learn drops a column without any number; a constant 0 says as little and keeps the schema.
  if (present.length === 0) return 0;
  present.sort();
  return impute === 'median' ? medianOf(present) : mostFrequentOf(present);
}

/** Some rows of a column; missing ones stand at `fill`, or are left out where it is null. */
type Cells = { values: Float64Array; rows: RowOrder; fill: number | null; name: string };

/** Undefined where no row counts. */
function meanOf({ values, rows, fill, name }: Cells): { mean: number; count: number } | undefined {
  let count = 0;
  let sum = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let index = 0; index < rows.length; index += 1) {
    const cell = values[rows[index] ?? 0] ?? NaN;
    const value = cell === cell ? cell : (fill ?? NaN);
    if (value !== value) continue;
    sum += value;
    count += 1;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (count === 0) return undefined;
  // A constant column keeps its exact value as the mean: the rounded sum would give it a spread.
  return { mean: least === most ? least : finite(sum / count, name), count };
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

/** Mean and population deviation. */
function scaleOf(cells: Cells): { mean: number; deviation: number } {
  const { values, rows, fill, name } = cells;
  const found = meanOf(cells);
  if (found === undefined) return { mean: 0, deviation: 1 };
  const { mean, count } = found;
  let squares = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const cell = values[rows[index] ?? 0] ?? NaN;
    const value = cell === cell ? cell : (fill ?? NaN);
    if (value !== value) continue;
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
