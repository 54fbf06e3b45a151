import type { FittedFeature } from '../src/prepare/fittedFeature.ts';
import type { ColumnSpec, Preprocess } from '../src/spec/types.ts';
import { type Table, numbersOf, textsOf } from '../src/table/table.ts';

/** A cell of the table: a number, a text, or null where it is missing. */
export type Cell = number | string | null;

export function cellOf(table: Table, { name, kind }: ColumnSpec, row: number): Cell {
  if (kind === 'numeric') {
    const value = numbersOf(table, name)[row] ?? NaN;
    return Number.isNaN(value) ? null : value;
  }
  const { codes, texts } = textsOf(table, name);
  return texts[codes[row] ?? -1] ?? null;
}

/** Learns a feature from the cells of the train rows. */
export function fitFeature({ name, kind }: ColumnSpec, preprocess: Preprocess, cells: Cell[]): FittedFeature {
  if (kind === 'categorical') {
    const texts = cells.filter((cell) => typeof cell === 'string');
    return { name, kind, encode: preprocess.encode, categories: [...new Set(texts)].sort(), missing: texts.length < cells.length };
  }
  const present = cells.filter((cell) => typeof cell === 'number');
  const fill = preprocess.impute === 'none' ? null : present.length === 0 ? 0 : imputed(preprocess.impute, present);
  const filled = cells.map((cell) => (typeof cell === 'number' ? cell : fill)).filter((cell) => cell !== null);
  if (preprocess.scale === 'none' || filled.length === 0) return { name, kind, fill, mean: 0, deviation: 1 };
  const mean = meanOf(filled);
  const deviation = Math.sqrt(sum(filled.map((value) => (value - mean) * (value - mean))) / filled.length);
  return { name, kind, fill, mean, deviation: deviation === 0 ? 1 : deviation };
}

function imputed(rule: Exclude<Preprocess['impute'], 'none'>, present: number[]): number {
  const sorted = present.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const at = (index: number): number => sorted[index] ?? 0;
  if (rule === 'zero') return 0;
  if (rule === 'mean') return meanOf(present);
  if (rule === 'median') return sorted.length % 2 === 1 ? at(middle) : at(middle - 1) / 2 + at(middle) / 2;
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return sorted.find((value) => counts.get(value) === most) ?? 0;
}

function meanOf(values: number[]): number {
  const [first = 0] = values;
  return values.every((value) => value === first) ? first : sum(values) / values.length;
}

/** The encoded columns of one cell. */
export function encodeCell(feature: FittedFeature, cell: Cell): number[] {
  if (feature.kind === 'numeric') {
    const value = typeof cell === 'number' ? cell : (feature.fill ?? NaN);
    return [(value - feature.mean) / feature.deviation];
  }
  const places = [...feature.categories, ...(feature.missing ? [null] : [])];
  const place = places.indexOf(typeof cell === 'string' ? cell : null);
  if (feature.encode === 'ordinal') return [place];
  return places.map((_, index) => (index === place ? 1 : 0));
}

/** From the first to the last: the order is part of the result. */
export function sum(values: number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
