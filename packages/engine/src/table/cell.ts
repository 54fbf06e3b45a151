import { EngineError } from '../errors.ts';

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** A cell is missing when it is empty or `NA`. */
export function isMissing(cell: string): boolean {
  return cell === '' || cell === 'NA';
}

/** {@link isMissing} of the bytes [start, end). */
export function isMissingField(bytes: Uint8Array, start: number, end: number): boolean {
  return end === start || (end - start === 2 && bytes[start] === 78 && bytes[start + 1] === 65);
}

/**
 * The nearest f64 of a decimal number, or undefined when the cell is not one or is out of range.
 * Number() rounds correctly in every engine in use; -0 becomes 0, so that equal numbers are equal bits.
 */
export function readNumber(cell: string): number | undefined {
  if (!DECIMAL.test(cell)) return undefined;
  const value = Number(cell) + 0;
  return Number.isFinite(value) ? value : undefined;
}

const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * {@link readNumber} of plain digits with a point at bytes [start, end), or undefined where it must be asked. Up to 15
 * digits and 22 places the quotient of two exact numbers is the nearest f64. Source: Clinger, "How to read floating
 * point numbers accurately", PLDI 1990.
 */
export function readPlainNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  const first = bytes[start];
  const negative = first === 45;
  let at = negative ? start + 1 : start;
  if (end - at > 16 || end === at) return undefined;
  let digits = 0;
  let point = -1;
  for (; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 46 && point < 0) point = at;
    else if (code >= 48 && code <= 57) digits = digits * 10 + (code - 48);
    else return undefined;
  }
  if (point < 0 && end - start > 15) return undefined;
  if (point >= 0 && end - start === (negative ? 2 : 1)) return undefined;
  const places = point < 0 ? 0 : end - point - 1;
  const value = digits / (POWERS[places] ?? 1);
  return negative ? 0 - value : value;
}

/** Whether the bytes [start, end) are a decimal number, as {@link readNumber} reads it. */
export function isDecimalField(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (bytes[at] === 43 || bytes[at] === 45) at += 1;
  const whole = digitsFrom(bytes, at, end);
  let digits = whole - at;
  at = whole;
  if (at < end && bytes[at] === 46) {
    const broken = digitsFrom(bytes, at + 1, end);
    digits += broken - at - 1;
    at = broken;
  }
  if (digits === 0) return false;
  if (at < end && (bytes[at] === 69 || bytes[at] === 101)) {
    at += 1;
    if (bytes[at] === 43 || bytes[at] === 45) at += 1;
    const exponent = digitsFrom(bytes, at, end);
    return exponent === end && exponent > at;
  }
  return at === end;
}

function digitsFrom(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57) at += 1;
  return at;
}

/** BAD_NUMBER naming column and row (from 0): not the cell, which the reader may not be allowed to see. */
export function badNumber(column: string, row: number): EngineError {
  return new EngineError(
    'BAD_NUMBER',
    `Column ${JSON.stringify(column)} holds no finite decimal number in row ${row + 2} (the header is row 1): correct it, leave it empty, or use the column as categorical.`,
  );
}
