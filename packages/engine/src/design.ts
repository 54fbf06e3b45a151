import { isMissing, parseNumber } from './cell.ts';
import type { Table } from './csv.ts';
import { EngineError } from './errors.ts';
import { type FittedFeature, designWidth, featureWidth } from './fittedFeature.ts';
import { type Kernels, type Pointer, allocate, doubles, integers } from './kernels.ts';
import { column } from './table.ts';
import type { ColumnSpec } from './trainSpec.ts';

/** Table rows by index, in the order in which they stand in the design matrix. */
export type RowOrder = Int32Array;

/** One column's scratch memory: 8 bytes a row for values or codes, 1 for missing marks, 16 for results. */
export type Scratch = { values: Pointer; missing: Pointer; out: Pointer };

/** Bytes of scratch memory for so many rows. */
export function scratchBytes(rows: number): number {
  return rows * 9 + 64;
}

export function createScratch(kernels: Kernels, rows: number): Scratch {
  return { values: allocate(kernels, rows * 8), missing: allocate(kernels, rows), out: allocate(kernels, 16) };
}

type Encoding = { kernels: Kernels; scratch: Scratch; table: Table; order: RowOrder };

/** Learns a feature from the first `trainRows` rows of the order. */
export function fitFeature(parameters: Encoding & { spec: ColumnSpec; trainRows: number }): FittedFeature {
  const { kernels, scratch, table, order, spec, trainRows } = parameters;
  const cells = column(table, spec.name);
  if (spec.kind === 'categorical') {
    const train = Array.from(order.subarray(0, trainRows), (row) => cells[row] ?? '');
    const categories = [...new Set(train.filter((cell) => !isMissing(cell)))].sort();
    return { name: spec.name, kind: spec.kind, categories, missing: train.some(isMissing) };
  }
  loadNumbers({ kernels, scratch, table, order, name: spec.name });
  if (kernels.fitNumeric(scratch.values, scratch.missing, trainRows, scratch.out) !== 0) {
    throw new EngineError('NOT_FINITE', `Column ${JSON.stringify(spec.name)} holds numbers too large to average: rescale it.`);
  }
  const [mean = 0, deviation = 1] = doubles(kernels, scratch.out, 2);
  return { name: spec.name, kind: spec.kind, mean, deviation };
}

/** Writes the design matrix, [order.length, designWidth(features)] f64 row by row, into zeroed memory. */
export function encodeDesign(parameters: Encoding & { features: FittedFeature[]; design: Pointer }): void {
  const { kernels, scratch, table, order, features, design } = parameters;
  const width = designWidth(features);
  kernels.encodeIntercept(order.length, design, width);
  let at = 1;
  for (const feature of features) {
    if (feature.kind === 'numeric') {
      loadNumbers({ kernels, scratch, table, order, name: feature.name });
      const { mean, deviation } = feature;
      const bad = kernels.encodeNumeric(scratch.values, scratch.missing, order.length, mean, deviation, design, width, at);
      if (bad >= 0) throw new EngineError('NOT_FINITE', `Column ${JSON.stringify(feature.name)} in row ${(order[bad] ?? 0) + 2} (the header is row 1) is too far from the training rows to be scaled: correct it.`);
    } else {
      loadCodes({ kernels, scratch, table, order, feature });
      kernels.encodeCategorical(scratch.values, order.length, design, width, at);
    }
    at += featureWidth(feature);
  }
}

function loadNumbers({ kernels, scratch, table, order, name }: Encoding & { name: string }): void {
  const cells = column(table, name);
  const values = doubles(kernels, scratch.values, order.length);
  const missing = new Uint8Array(kernels.memory.buffer, scratch.missing, order.length);
  for (const [index, row] of order.entries()) {
    const cell = cells[row] ?? '';
    missing[index] = isMissing(cell) ? 1 : 0;
    values[index] = isMissing(cell) ? 0 : parseNumber(cell, name, row);
  }
}

function loadCodes({ kernels, scratch, table, order, feature }: Encoding & { feature: FittedFeature & { kind: 'categorical' } }): void {
  const cells = column(table, feature.name);
  const codes = integers(kernels, scratch.values, order.length);
  const known = new Map(feature.categories.map((category, code) => [category, code]));
  const missing = feature.missing ? feature.categories.length : -1;
  for (const [index, row] of order.entries()) {
    const cell = cells[row] ?? '';
    codes[index] = isMissing(cell) ? missing : (known.get(cell) ?? -1);
  }
}
