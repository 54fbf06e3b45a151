// Numbers become bins: bin b of a column holds the values above threshold b - 1 and up to threshold b; 255 is missing.
// Source of the rule: scikit-learn's _BinMapper (sklearn/ensemble/_hist_gradient_boosting/binning.py).

/** Thresholds of a column: 256 places, of which at most 254 are used; the rest is infinite. */
const LINE: usize = 256;

// @ts-ignore: decorator
@inline
function keyOf(bits: u64): u64 {
  return bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000);
}

// @ts-ignore: decorator
@inline
function bitsOf(key: u64): u64 {
  return key ^ (<u64>(<i64>~key >> 63) | 0x8000000000000000);
}

/** Sorts doubles without NaN, -0 becoming 0, by radix. scratch: as large; counts: 8 * 256 i32. */
export function sortNumbers(values: usize, scratch: usize, counts: usize, count: i32): void {
  memory.fill(counts, 0, 8 << 10);
  const bytes = <usize>count << 3;
  for (let at: usize = 0; at < bytes; at += 8) {
    const value = load<f64>(values + at);
    const key = keyOf(value == 0 ? 0 : reinterpret<u64>(value));
    store<u64>(values + at, key);
    for (let digit: usize = 0; digit < 8; digit++) {
      const place = counts + (((digit << 8) + (<usize>(key >> (digit << 3)) & 255)) << 2);
      store<i32>(place, load<i32>(place) + 1);
    }
  }
  let from = values;
  let to = scratch;
  for (let digit: usize = 0; digit < 8; digit++) {
    const line = counts + (digit << 10);
    let sum: i32 = 0;
    let alone = false;
    for (let at = line; at < line + 1024; at += 4) {
      const own = load<i32>(at);
      if (own == count) alone = true;
      store<i32>(at, sum);
      sum += own;
    }
    if (alone) continue;
    for (let at: usize = 0; at < bytes; at += 8) {
      const key = load<u64>(from + at);
      const place = line + ((<usize>(key >> (digit << 3)) & 255) << 2);
      const next = load<i32>(place);
      store<i32>(place, next + 1);
      store<u64>(to + (<usize>next << 3), key);
    }
    const other = from;
    from = to;
    to = other;
  }
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(values + at, bitsOf(load<u64>(from + at)));
}

/** A number between two, at least a and below b where they differ. */
// @ts-ignore: decorator
@inline
function between(a: f64, b: f64): f64 {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}

/**
 * Thresholds of sorted values, at most `most` bins: between neighbours where there are few different values, else at
 * the quantiles i / most. Returns how many; the rest of the line is filled with infinity.
 */
export function findThresholds(values: usize, count: i32, most: i32, out: usize): i32 {
  let found: usize = 0;
  let different = count > 0 ? 1 : 0;
  for (let i = 1; i < count && different <= most; i++) {
    if (load<f64>(values + (<usize>i << 3)) != load<f64>(values + (<usize>(i - 1) << 3))) different++;
  }
  if (different <= most) {
    for (let i = 1; i < count; i++) {
      const a = load<f64>(values + (<usize>(i - 1) << 3));
      const b = load<f64>(values + (<usize>i << 3));
      if (a != b) store<f64>(out + (found++ << 3), between(a, b));
    }
  } else {
    const greatest = load<f64>(values + (<usize>(count - 1) << 3));
    for (let i = 1; i < most; i++) {
      const place = <i64>i * <i64>(count - 1);
      const low = <usize>(place / most);
      const a = load<f64>(values + (low << 3));
      const b = place % most == 0 ? a : load<f64>(values + ((low + 1) << 3));
      const middle = between(a, b);
      if (middle >= greatest || (found > 0 && middle <= load<f64>(out + ((found - 1) << 3)))) continue;
      store<f64>(out + (found++ << 3), middle);
    }
  }
  for (let i = found; i < LINE; i++) store<f64>(out + (i << 3), Infinity);
  return <i32>found;
}

/**
 * Bins of `count` design rows, written from row `at` on: to bins [rows, stride] row by row, and to columns [width, rows] unless that is 0.
 */
export function binRows(design: usize, width: i32, thresholds: usize, bins: usize, stride: i32, columns: usize, rows: i32, at: i32, count: i32): void {
  for (let row = 0; row < count; row++) {
    const line = design + ((<usize>row * width) << 3);
    const own = bins + <usize>(at + row) * stride;
    for (let f: usize = 0; f < <usize>width; f++) {
      const value = load<f64>(line + (f << 3));
      const cuts = thresholds + f * (LINE << 3);
      let place = cuts;
      place += <usize>(load<f64>(place + 127 * 8) < value) << 10;
      place += <usize>(load<f64>(place + 63 * 8) < value) << 9;
      place += <usize>(load<f64>(place + 31 * 8) < value) << 8;
      place += <usize>(load<f64>(place + 15 * 8) < value) << 7;
      place += <usize>(load<f64>(place + 7 * 8) < value) << 6;
      place += <usize>(load<f64>(place + 3 * 8) < value) << 5;
      place += <usize>(load<f64>(place + 1 * 8) < value) << 4;
      place += <usize>(load<f64>(place) < value) << 3;
      const bin = value == value ? (place - cuts) >> 3 : 255;
      store<u8>(own + f, <u8>bin);
      if (columns) store<u8>(columns + f * <usize>rows + <usize>(at + row), <u8>bin);
    }
  }
}
