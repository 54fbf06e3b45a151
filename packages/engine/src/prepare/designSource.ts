import { type Kernels, type Pointer, allocate, doubles } from '../kernels/index.ts';
import { type Table, numbersOf, textsOf } from '../table/table.ts';
import type { RowOrder } from './fitFeature.ts';
import { type FittedFeature, featureWidth } from './fittedFeature.ts';

/** What a design is made of, in memory that threads share where the host has such. Positions count train rows, then test rows. */
export type DesignSource = {
  /** The table row at each position. */
  order: RowOrder;
  /** The target at each position. */
  targets: Float64Array;
  columns: readonly SourceColumn[];
};

export type SourceColumn =
  | { kind: 'numbers'; values: Float64Array; /** NaN leaves a missing number missing. */ fill: number; mean: number; deviation: number }
  /** `places`: of each code, the category's index or -1. */
  | { kind: 'categories'; codes: Int32Array; places: Int32Array; /** The place of a missing text. */ missing: number; ordinal: boolean; width: number };

/** Which positions are written where: `line` numbers a row at `pointer`, the features from number `at` of it. */
export type DesignBlock = {
  first: number;
  last: number;
  pointer: Pointer;
  line: number;
  at: number;
  /** Where in a row a 1 stands, for an intercept; -1: nowhere. */
  ones: number;
  /** Where in a row its target stands; -1: nowhere. */
  target: number;
};

/** Writes blocks into the memory of one instance. Answers the largest distance from 0 of a number written: Infinity where a cell cannot be scaled. */
export type Encoder = (block: DesignBlock) => number;

export function createSource({ table, features, order, targets }: { table: Table; features: readonly FittedFeature[]; order: RowOrder; targets: Float64Array }): DesignSource {
  return {
    order, targets,
    columns: features.map((feature): SourceColumn => {
      if (feature.kind === 'numeric') return { kind: 'numbers', values: numbersOf(table, feature.name), fill: feature.fill ?? NaN, mean: feature.mean, deviation: feature.deviation };
      const { codes, texts } = textsOf(table, feature.name);
      return { kind: 'categories', codes, ...placesOf(feature, texts), ordinal: feature.encode === 'ordinal', width: featureWidth(feature) };
    }),
  };
}

/** The place of each of a column's texts among a feature's categories, or -1, and the place of a missing one. */
export function placesOf({ categories, missing }: FittedFeature & { kind: 'categorical' }, texts: readonly string[]): { places: Int32Array; missing: number } {
  const known = new Map(categories.map((category, place) => [category, place]));
  return { places: Int32Array.from(texts, (text) => known.get(text) ?? -1), missing: missing ? categories.length : -1 };
}

/** Rows of a block that are gathered at once: four columns of them fit into a processor's nearest caches. */
const HEIGHT = 1_024;
const FOUR = 4;

/** Numbers go four columns at a time, which is what the processor's lanes and a design's lines are made for. */
function createEncoder(kernels: Kernels, source: DesignSource): Encoder {
  const block = allocate(kernels, FOUR * HEIGHT * 8);
  const { numbers, others } = groupColumns(source);
  const fitted = allocate(kernels, numbers.length * FOUR * 3 * 8 || 8);
  doubles(kernels, fitted, numbers.length * FOUR * 3).set(numbers.flatMap(({ columns }) => pad(columns.flatMap(({ fill, mean, deviation }) => [fill, mean, deviation]), FOUR * 3)));
  return (wanted) => {
    let most = 0;
    for (let first = wanted.first; first < wanted.last; first += HEIGHT) {
      const piece: Piece = { ...wanted, first, last: Math.min(wanted.last, first + HEIGHT), out: wanted.pointer + (first - wanted.first) * wanted.line * 8 };
      for (const [index, group] of numbers.entries()) most = Math.max(most, encodeNumbers({ kernels, block, fitted: fitted + index * FOUR * 3 * 8, source, group }, piece));
      for (const { column, at } of others) encodeCategories({ kernels, source, column, at }, piece);
      writeExtras(kernels, source, piece);
    }
    return most;
  };
}

/** An encoder that is made when it is first asked: not every team encodes. */
export function openEncoder(kernels: Kernels, source: DesignSource | undefined): Encoder {
  let encoder: Encoder | undefined;
  return (block) => {
    if (source === undefined) throw new TypeError('This team was given no design to encode');
    encoder ??= createEncoder(kernels, source);
    return encoder(block);
  };
}

type Piece = DesignBlock & { out: Pointer };
type Numbers = SourceColumn & { kind: 'numbers' };
type Categories = SourceColumn & { kind: 'categories' };
type Group = { at: number; columns: Numbers[] };

/** Neighbouring numbers by four, and where in the features' part of a row each begins. */
function groupColumns({ columns }: DesignSource): { numbers: Group[]; others: { at: number; column: Categories }[] } {
  const numbers: Group[] = [];
  const others: { at: number; column: Categories }[] = [];
  let at = 0;
  for (const column of columns) {
    const last = numbers.at(-1);
    if (column.kind === 'categories') others.push({ at, column });
    else if (last !== undefined && last.columns.length < FOUR && last.at + last.columns.length === at) last.columns.push(column);
    else numbers.push({ at, columns: [column] });
    at += column.kind === 'categories' ? column.width : 1;
  }
  return { numbers, others };
}

function encodeNumbers({ kernels, block, fitted, source, group }: { kernels: Kernels; block: Pointer; fitted: Pointer; source: DesignSource; group: Group }, { first, last, out, line, at }: Piece): number {
  const rows = last - first;
  const { columns } = group;
  const gathered = doubles(kernels, block, FOUR * HEIGHT);
  for (let index = 0; index < columns.length; index += 1) gather({ values: columns[index]?.values ?? gathered, order: source.order, first, last }, gathered, index * HEIGHT);
  const to = out + (at + group.at) * 8;
  if (columns.length === FOUR) return kernels.encodeFour(block, HEIGHT, fitted, to, line * 8, rows);
  let most = 0;
  for (let index = 0; index < columns.length; index += 1) most = Math.max(most, kernels.encodeOne(block + index * HEIGHT * 8, fitted + index * 3 * 8, to + index * 8, line * 8, rows));
  return most;
}

/** Train rows stand in the table's order, so that ends as far apart as their positions have all rows between them. */
function gather({ values, order, first, last }: { values: Float64Array; order: RowOrder; first: number; last: number }, into: Float64Array, at: number): void {
  const [start, end] = [order[first] as number, order[last - 1] as number];
  if (end - start === last - 1 - first) {
    into.set(values.subarray(start, end + 1), at);
    return;
  }
  // A table's cells go through here one by one: no branches, no checks.
  for (let position = first, to = at; position < last; position += 1, to += 1) into[to] = values[order[position] as number] as number;
}

/** What was not seen in training is all zero, or the index -1. */
function encodeCategories({ kernels, source, column, at }: { kernels: Kernels; source: DesignSource; column: Categories; at: number }, piece: Piece): void {
  const { first, last, out, line } = piece;
  const { codes, places, missing, ordinal, width } = column;
  const design = doubles(kernels, out, (last - first) * line);
  for (let position = first, to = piece.at + at; position < last; position += 1, to += line) {
    const code = codes[source.order[position] as number] as number;
    const place = code < 0 ? missing : (places[code] as number);
    if (ordinal) {
      design[to] = place;
      continue;
    }
    design.fill(0, to, to + width);
    if (place >= 0) design[to + place] = 1;
  }
}

function writeExtras(kernels: Kernels, { targets }: DesignSource, { first, last, out, line, ones, target }: Piece): void {
  const design = doubles(kernels, out, (last - first) * line);
  for (let position = first, to = 0; position < last; position += 1, to += line) {
    if (ones >= 0) design[to + ones] = 1;
    if (target >= 0) design[to + target] = targets[position] as number;
  }
}

/** A column of the design at some positions, to the bits that encoders write; a missing number that nothing fills is NaN. `place`: which of its columns a category's is. */
export function gatherColumn({ order }: DesignSource, column: SourceColumn, place: number, positions: Int32Array): Float64Array {
  const values = new Float64Array(positions.length);
  if (column.kind === 'numbers') {
    const { values: cells, fill, mean, deviation } = column;
    for (let index = 0; index < positions.length; index += 1) {
      const cell = cells[order[positions[index] as number] as number] as number;
      values[index] = ((cell === cell ? cell : fill) - mean) / deviation;
    }
    return values;
  }
  const { codes, places, missing, ordinal } = column;
  for (let index = 0; index < positions.length; index += 1) {
    const code = codes[order[positions[index] as number] as number] as number;
    const own = code < 0 ? missing : (places[code] as number);
    values[index] = ordinal ? own : own === place ? 1 : 0;
  }
  return values;
}

/** Which source column each column of the design comes from, and its place in it. */
export function designColumns({ columns }: DesignSource): { column: SourceColumn; place: number }[] {
  return columns.flatMap((column) => Array.from({ length: column.kind === 'categories' ? column.width : 1 }, (_, place) => ({ column, place })));
}

function pad(values: readonly number[], length: number): number[] {
  return [...values, ...Array.from({ length: length - values.length }, () => 0)];
}
