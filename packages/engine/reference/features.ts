import { isMissing, parseNumber } from '../src/cell.ts';
import type { FittedFeature } from '../src/fittedFeature.ts';
import type { ColumnSpec } from '../src/trainSpec.ts';

/** Learns a feature from the cells of the train rows. */
export function fitFeature({ name, kind }: ColumnSpec, cells: string[]): FittedFeature {
  const present = cells.filter((cell) => !isMissing(cell));
  if (kind === 'categorical') {
    return { name, kind, categories: [...new Set(present)].sort(), missing: present.length < cells.length };
  }
  const values = present.map((cell) => parseNumber(cell, name, 0));
  const [first] = values;
  if (first === undefined) return { name, kind, mean: 0, deviation: 1 };
  if (values.every((value) => value === first)) return { name, kind, mean: first, deviation: 1 };
  const mean = sum(values) / values.length;
  // Missing cells stand at the mean: they add nothing to the squares, but count as rows.
  const variance = sum(values.map((value) => (value - mean) * (value - mean))) / cells.length;
  return { name, kind, mean, deviation: variance === 0 ? 1 : Math.sqrt(variance) };
}

/** The encoded columns of one cell. */
export function encodeCell(feature: FittedFeature, cell: string): number[] {
  if (feature.kind === 'numeric') {
    return [isMissing(cell) ? 0 : (parseNumber(cell, feature.name, 0) - feature.mean) / feature.deviation];
  }
  const known = feature.categories.map((category) => (category === cell ? 1 : 0));
  return feature.missing ? [...known, isMissing(cell) ? 1 : 0] : known;
}

/** From the first to the last: the order is part of the result. */
export function sum(values: number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
