import { EngineError } from '../errors.ts';
import { type Table, numbersOf, textsOf } from '../table/table.ts';
import type { RowOrder } from './fitFeature.ts';
import { placesOf } from './designSource.ts';
import { type FittedFeature, designWidth } from './fittedFeature.ts';

/** Where rows are written: `line` numbers a row, the encoded columns beginning at number `at` of it. What is not written stays, and must be zero for categories. */
export type DesignPlace = { design: Float64Array; line: number; at: number };

/**
 * Writes the design of some table rows, [rows.length, designWidth(features)] row by row: numbers scaled, categories as
 * one column each or as one index. Only + - / on f64, so it is the same everywhere. NaN is a missing number. For the rows that
 * are predicted; those that train are encoded by the members themselves (designSource.ts), to the same bits.
 *
 * @throws EngineError NOT_FINITE naming column and row
 */
export function encodeRows(parameters: { table: Table; rows: RowOrder; features: readonly FittedFeature[]; into?: DesignPlace | undefined; /** Rows of the file before the table's, for messages. */ before?: number }): Float64Array {
  const { table, rows, features, before = 0 } = parameters;
  const width = parameters.into?.line ?? designWidth(features);
  const design = parameters.into?.design ?? new Float64Array(rows.length * width);
  let at = parameters.into?.at ?? 0;
  for (const feature of features) {
    if (feature.kind === 'numeric') encodeNumbers({ values: numbersOf(table, feature.name), rows, feature, design, width, at, before });
    else at += encodeTexts({ table, rows, feature, design, width, at });
    if (feature.kind === 'numeric') at += 1;
  }
  return design;
}

type Place = { rows: RowOrder; design: Float64Array; width: number; at: number };

function encodeNumbers({ values, rows, feature, design, width, at, before }: Place & { values: Float64Array; before: number; feature: FittedFeature & { kind: 'numeric' } }): void {
  const { fill, mean, deviation } = feature;
  const filled = fill ?? NaN;
  const count = rows.length;
  let furthest = 0;
  // (value - 0) / 1 is the value to the bit, and a division costs as much as all else here.
  const plain = mean === 0 && deviation === 1;
  // Six million numbers go through here before a usual run: no branches but these.
  for (let index = 0, to = at; index < count; index += 1, to += width) {
    let value = values[rows[index] as number] as number;
    if (value !== value) value = filled;
    const scaled = plain ? value : (value - mean) / deviation;
    const distance = Math.abs(scaled);
    if (distance > furthest) furthest = distance;
    design[to] = scaled;
  }
  // Infinity - Infinity cannot be: cells and means are finite, so what is NaN was missing.
  if (furthest < Infinity) return;
  throw tooFar(feature.name, before + (rows.find((row) => Math.abs(((values[row] ?? NaN) - mean) / deviation) === Infinity) ?? 0));
}

function tooFar(name: string, row: number): EngineError {
  return new EngineError('NOT_FINITE', `Column ${JSON.stringify(name)} in row ${row + 2} (the header is row 1) is too far from the training rows to be scaled: correct it.`);
}

/** Returns the columns written. What was not seen in training is all zero, or the index -1. */
function encodeTexts({ table, rows, feature, design, width, at }: Place & { table: Table; feature: FittedFeature & { kind: 'categorical' } }): number {
  const { codes, texts } = textsOf(table, feature.name);
  const { places, missing } = placesOf(feature, texts);
  const ordinal = feature.encode === 'ordinal';
  for (let index = 0; index < rows.length; index += 1) {
    const code = codes[rows[index] ?? 0] ?? -1;
    const place = code < 0 ? missing : (places[code] ?? -1);
    if (ordinal) design[index * width + at] = place;
    else if (place >= 0) design[index * width + at + place] = 1;
  }
  return ordinal ? 1 : feature.categories.length + (feature.missing ? 1 : 0);
}
