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
 * point numbers accurately", PLDI 1990. Up to 18 digits are divided in two doubles.
 */
export function readPlainNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  const first = bytes[start];
  const negative = first === 45;
  const from = negative ? start + 1 : start;
  if (end - from <= 9) return readShortNumber(bytes, from, end, negative);
  if (end - from > 16) return readLongNumber(bytes, from, end, negative);
  let digits = 0;
  let point = -1;
  for (let at = from; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 46 && point < 0) point = at;
    else if (code >= 48 && code <= 57) digits = digits * 10 + (code - 48);
    else return undefined;
  }
  if (point < 0 && end - from > 15) return readLongNumber(bytes, from, end, negative);
  const places = point < 0 ? 0 : end - point - 1;
  const value = digits / (POWERS[places] ?? 1);
  return negative ? 0 - value : value;
}

/** Up to nine digits in one whole number of 32 bits. */
function readShortNumber(bytes: Uint8Array, start: number, end: number, negative: boolean): number | undefined {
  let digits = 0;
  let point = -1;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit >= 0 && digit <= 9) digits = (Math.imul(digits, 10) + digit) | 0;
    else if (digit === -2 && point < 0) point = at;
    else return undefined;
  }
  if (end - start === (point < 0 ? 0 : 1)) return undefined;
  const value = point < 0 ? digits : digits / (POWERS[end - point - 1] ?? 1);
  return negative ? 0 - value : value;
}

/** Nine digits in one whole number of 32 bits, nine in another. */
function readLongNumber(bytes: Uint8Array, start: number, end: number, negative: boolean): number | undefined {
  let high = 0;
  let low = 0;
  let digits = 0;
  let point = -1;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) {
      if (digit !== -2 || point >= 0) return undefined;
      point = at;
    } else if (digits < 9) {
      high = (Math.imul(high, 10) + digit) | 0;
      // Noughts in front are no digits of the number.
      if (high > 0) digits += 1;
    } else {
      low = (Math.imul(low, 10) + digit) | 0;
      digits += 1;
    }
  }
  if (digits > 18) return undefined;
  const [scale, power] = [POWERS[Math.max(0, digits - 9)], POWERS[point < 0 ? 0 : end - point - 1]];
  if (scale === undefined || power === undefined) return undefined;
  const value = divideWide(high, scale, low, power);
  if (value === undefined) return undefined;
  return negative ? 0 - value : value;
}

/** More than the quotient's second part can be wrong by. */
const DOUBT = 2 ** -50;
/** Veltkamp's factor, which parts a double into halves. */
const HALVES = 2 ** 27 + 1;

/**
 * The double nearest to (high * scale + low) / power, for whole numbers, high < 10^9, scale <= 10^9, low < scale; undefined
 * where it lies too near to the middle between two. Source of the exact sums and products: Dekker, "A floating-point
 * technique for extending the available precision", Numerische Mathematik 18 (1971).
 */
function divideWide(high: number, scale: number, low: number, power: number): number | undefined {
  // Both products have less than 48 bits. The sum's rest is exact: its first term is the larger one, or 0.
  const upper = Math.floor(high / 2 ** 17) * 2 ** 17;
  const first = upper * scale;
  const second = (high - upper) * scale + low;
  const sum = first + second;
  const rest = second - (sum - first);
  const quotient = sum / power;
  const product = quotient * power;
  const quotientHigh = HALVES * quotient - (HALVES * quotient - quotient);
  const quotientLow = quotient - quotientHigh;
  const powerHigh = HALVES * power - (HALVES * power - power);
  const powerLow = power - powerHigh;
  const productRest = quotientHigh * powerHigh - product + quotientHigh * powerLow + quotientLow * powerHigh + quotientLow * powerLow;
  const correction = (sum - product - productRest + rest) / power;
  const value = quotient + correction * (1 - DOUBT);
  return value === quotient + correction * (1 + DOUBT) ? value : undefined;
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
