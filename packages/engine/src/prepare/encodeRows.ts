import { EngineError } from '../errors.ts';
import { type Table, numbersOf, textsOf } from '../table/table.ts';
import type { RowOrder } from './fitFeature.ts';
import { type FittedFeature, designWidth } from './fittedFeature.ts';

/**
 * Writes the design of some table rows, [rows.length, designWidth(features)] row by row: numbers scaled, categories as
 * one column each or as one index. Only + - / on f64, so it is the same everywhere. NaN is a missing number.
 *
 * @throws EngineError NOT_FINITE naming column and row
 */
export function encodeRows(parameters: { table: Table; rows: RowOrder; features: readonly FittedFeature[]; into?: Float64Array }): Float64Array {
  const { table, rows, features } = parameters;
  const width = designWidth(features);
  const design = parameters.into ?? new Float64Array(rows.length * width);
  let at = 0;
  for (const feature of features) {
    if (feature.kind === 'numeric') encodeNumbers({ values: numbersOf(table, feature.name), rows, feature, design, width, at });
    else at += encodeTexts({ table, rows, feature, design, width, at });
    if (feature.kind === 'numeric') at += 1;
  }
  return design;
}

type Place = { rows: RowOrder; design: Float64Array; width: number; at: number };

function encodeNumbers({ values, rows, feature, design, width, at }: Place & { values: Float64Array; feature: FittedFeature & { kind: 'numeric' } }): void {
  const { fill, mean, deviation } = feature;
  for (let index = 0; index < rows.length; index += 1) {
    let value = values[rows[index] ?? 0] ?? NaN;
    if (value !== value && fill !== null) value = fill;
    const scaled = (value - mean) / deviation;
    if (value === value && !(Math.abs(scaled) < Infinity)) throw tooFar(feature.name, rows[index] ?? 0);
    design[index * width + at] = scaled;
  }
}

function tooFar(name: string, row: number): EngineError {
  return new EngineError('NOT_FINITE', `Column ${JSON.stringify(name)} in row ${row + 2} (the header is row 1) is too far from the training rows to be scaled: correct it.`);
}

/** Returns the columns written. What was not seen in training is all zero, or the index -1. */
function encodeTexts({ table, rows, feature, design, width, at }: Place & { table: Table; feature: FittedFeature & { kind: 'categorical' } }): number {
  const { codes, texts } = textsOf(table, feature.name);
  const known = new Map(feature.categories.map((category, code) => [category, code]));
  const placeOf = Int32Array.from(texts, (text) => known.get(text) ?? -1);
  const missing = feature.missing ? feature.categories.length : -1;
  const ordinal = feature.encode === 'ordinal';
  for (let index = 0; index < rows.length; index += 1) {
    const code = codes[rows[index] ?? 0] ?? -1;
    const place = code < 0 ? missing : (placeOf[code] ?? -1);
    if (ordinal) design[index * width + at] = place;
    else if (place >= 0) design[index * width + at + place] = 1;
  }
  return ordinal ? 1 : feature.categories.length + (feature.missing ? 1 : 0);
}
