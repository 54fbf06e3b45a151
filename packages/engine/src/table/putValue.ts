import type { ColumnSpec } from '../spec/types.ts';
import { badNumber, isMissing, readNumber } from './cell.ts';
import type { ColumnBuilder } from './table.ts';

/**
 * Puts a typed value into a cell as CSV's text of it would: numbers as ECMAScript writes them, truth values as true and
 * false. null, undefined, the empty text and `NA` are missing; NaN and infinities are not numbers.
 *
 * @throws EngineError BAD_NUMBER naming column and row
 */
export function putValue({ builder, spec, row, value }: { builder: ColumnBuilder; spec: ColumnSpec; row: number; value: unknown }): void {
  if (isMissingValue(value)) {
    builder.missing(row);
    return;
  }
  if (spec.kind === 'numeric') {
    const number = valueNumber(value);
    if (number === undefined) throw badNumber(spec.name, row);
    builder.number(row, number);
    return;
  }
  const text = valueText(value);
  if (text === undefined) throw badNumber(spec.name, row);
  builder.text(row, text);
}

export function isMissingValue(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && isMissing(value));
}

/** A typed value as a number, where it is one that is finite. */
export function valueNumber(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return readNumber(value);
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined;
}

/** A typed value as the text that CSV would have; undefined where it has none. */
export function valueText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  // Integers beyond 2^53 have lost digits on their way: as texts they would be other texts.
  if (typeof value === 'number' && Number.isFinite(value) && !(Number.isInteger(value) && !Number.isSafeInteger(value))) return String(value + 0);
  return value instanceof Date ? value.toISOString() : undefined;
}
