/** Numbers in their usual form, as `readPlainNumber` in `src/table/cell.ts` reads them: the same sums in the same order. NaN: to be asked elsewhere. */

const POWERS: usize = memory.data<f64>([1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22]);
const MOST_POWER: usize = 22;

// @ts-ignore: decorator
@inline
function power(exponent: usize): f64 {
  return load<f64>(POWERS + (exponent << 3));
}

/** There is a byte at least. */
export function readPlain(start: usize, end: usize): f64 {
  const negative = load<u8>(start) == 45;
  const from = negative ? start + 1 : start;
  const value = end - from > 16 ? readLong(from, end) : readShort(from, end);
  return negative ? 0 - value : value;
}

/** Up to 15 digits are an exact number, and so is the power. Source: Clinger, "How to read floating point numbers accurately", PLDI 1990. */
function readShort(start: usize, end: usize): f64 {
  let digits: u64 = 0;
  let point: usize = 0;
  for (let at = start; at < end; at += 1) {
    const digit = u32(load<u8>(at)) - 48;
    if (digit <= 9) digits = digits * 10 + digit;
    else if (digit == <u32>-2 && point == 0) point = at;
    else return NaN;
  }
  if (point == 0) {
    if (end == start) return NaN;
    return end - start > 15 ? readLong(start, end) : f64(digits);
  }
  if (end - start == 1) return NaN;
  return f64(digits) / power(end - point - 1);
}

/** Nine digits in one whole number, nine in another. */
function readLong(start: usize, end: usize): f64 {
  let first: u32 = 0;
  let rest: u32 = 0;
  let digits: usize = 0;
  let point: usize = 0;
  for (let at = start; at < end; at += 1) {
    const digit = u32(load<u8>(at)) - 48;
    if (digit > 9) {
      if (digit != <u32>-2 || point != 0) return NaN;
      point = at;
    } else if (digits < 9) {
      first = first * 10 + digit;
      // Noughts in front are no digits of the number.
      if (first > 0) digits += 1;
    } else {
      rest = rest * 10 + digit;
      digits += 1;
      if (digits > 18) return NaN;
    }
  }
  const places: usize = point == 0 ? 0 : end - point - 1;
  if (places > MOST_POWER) return NaN;
  return divideWide(f64(first), power(digits > 9 ? digits - 9 : 0), f64(rest), power(places));
}

/** More than the quotient's second part can be wrong by. */
const DOUBT: f64 = 8.881784197001252e-16;
/** Veltkamp's factor, which parts a double into halves. */
const HALVES: f64 = 134217729;

/** The double nearest to (whole * scale + rest) / divisor; NaN where it lies too near to the middle between two. Source: Dekker, Numerische Mathematik 18 (1971). */
function divideWide(whole: f64, scale: f64, rest: f64, divisor: f64): f64 {
  const upper = Math.floor(whole / 131072) * 131072;
  const first = upper * scale;
  const second = (whole - upper) * scale + rest;
  const sum = first + second;
  const left = second - (sum - first);
  const quotient = sum / divisor;
  const product = quotient * divisor;
  const quotientHigh = HALVES * quotient - (HALVES * quotient - quotient);
  const quotientLow = quotient - quotientHigh;
  const divisorHigh = HALVES * divisor - (HALVES * divisor - divisor);
  const divisorLow = divisor - divisorHigh;
  const productRest = quotientHigh * divisorHigh - product + quotientHigh * divisorLow + quotientLow * divisorHigh + quotientLow * divisorLow;
  const correction = (sum - product - productRest + left) / divisor;
  const value = quotient + correction * (1 - DOUBT);
  return value == quotient + correction * (1 + DOUBT) ? value : NaN;
}

/** Whether the bytes are a decimal number, as `readNumber` takes them. */
export function isDecimal(start: usize, end: usize): bool {
  let at = start;
  if (isSign(at)) at += 1;
  const whole = digitsFrom(at, end);
  let digits = whole - at;
  at = whole;
  if (at < end && load<u8>(at) == 46) {
    const broken = digitsFrom(at + 1, end);
    digits += broken - at - 1;
    at = broken;
  }
  if (digits == 0) return false;
  if (at < end && (load<u8>(at) | 32) == 101) {
    at += 1;
    if (isSign(at)) at += 1;
    const exponent = digitsFrom(at, end);
    return exponent == end && exponent > at;
  }
  return at == end;
}

// @ts-ignore: decorator
@inline
function isSign(at: usize): bool {
  return load<u8>(at) == 43 || load<u8>(at) == 45;
}

function digitsFrom(start: usize, end: usize): usize {
  let at = start;
  while (at < end && u32(load<u8>(at)) - 48 <= 9) at += 1;
  return at;
}
