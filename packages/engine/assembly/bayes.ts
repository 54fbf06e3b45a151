import { areFinite, largestOf, softmaxOf } from './logistic';

// Sums by class: for each class its weight and three unused numbers, then `line` sums of the columns less `shift`, then
// `line` sums of their squares.

/**
 * Adds the rows [first, last) to the sums of their classes. weights = 0: all are 1. Answers -1.
 */
export function classRows(design: usize, line: i32, targets: usize, weights: usize, shift: usize, sums: usize, first: i32, last: i32): i32 {
  const step = <usize>line << 3;
  const stride = 32 + 2 * step;
  for (let row = first; row < last; row++) {
    const x = design + <usize>row * step;
    const own = sums + <usize>load<i32>(targets + (<usize>row << 2)) * stride;
    const weight = weights ? load<f64>(weights + (<usize>row << 3)) : 1.0;
    store<f64>(own, load<f64>(own) + weight);
    const lanes = f64x2.splat(weight);
    const first = own + 32;
    const second = first + step;
    for (let j: usize = 0; j < step; j += 16) {
      const away = f64x2.sub(v128.load(x + j), v128.load(shift + j));
      const heavy = f64x2.mul(lanes, away);
      v128.store(first + j, f64x2.add(v128.load(first + j), heavy));
      v128.store(second + j, f64x2.add(v128.load(second + j), f64x2.mul(heavy, away)));
    }
  }
  return -1;
}

/**
 * The same for counts: rows as they are, and no sums of squares, whose place stays as it is. Answers -1, or a row near one with a
 * negative number.
 */
export function countRows(design: usize, line: i32, targets: usize, weights: usize, sums: usize, first: i32, last: i32): i32 {
  const step = <usize>line << 3;
  const stride = 32 + 2 * step;
  const zero = f64x2.splat(0);
  let negative = f64x2.lt(zero, zero);
  for (let row = first; row < last; row++) {
    const x = design + <usize>row * step;
    const own = sums + <usize>load<i32>(targets + (<usize>row << 2)) * stride;
    const into = own + 32;
    if (weights) {
      const weight = load<f64>(weights + (<usize>row << 3));
      const lanes = f64x2.splat(weight);
      store<f64>(own, load<f64>(own) + weight);
      for (let j: usize = 0; j < step; j += 16) {
        const a = v128.load(x + j);
        negative = v128.or(negative, f64x2.lt(a, zero));
        v128.store(into + j, f64x2.add(v128.load(into + j), f64x2.mul(lanes, a)));
      }
    } else {
      store<f64>(own, load<f64>(own) + 1.0);
      for (let j: usize = 0; j < step; j += 32) {
        const a = v128.load(x + j);
        const b = v128.load(x + j, 16);
        negative = v128.or(negative, v128.or(f64x2.lt(a, zero), f64x2.lt(b, zero)));
        v128.store(into + j, f64x2.add(v128.load(into + j), a));
        v128.store(into + j, f64x2.add(v128.load(into + j, 16), b), 16);
      }
    }
    if (v128.any_true(negative)) return row;
  }
  return -1;
}

/**
 * Class probabilities of the rows [first, last). table: for each class a constant and three unused numbers, `line`
 * means, `line` values of 1 / variance (0 in the padding). Four lanes, as in logistic.ts. Answers a row that is too far
 * from all means, or -1.
 */
export function gaussianRows(design: usize, line: i32, classes: i32, table: usize, out: usize, first: i32, last: i32): i32 {
  const step = <usize>line << 3;
  const stride = 32 + 2 * step;
  for (let row = first; row < last; row++) {
    const x = design + <usize>row * step;
    const p = out + ((<usize>row * classes) << 3);
    for (let c: usize = 0; c < <usize>classes; c++) {
      const own = table + c * stride;
      const means = own + 32;
      const inverses = means + step;
      let low = f64x2.splat(0);
      let high = low;
      for (let j: usize = 0; j < step; j += 32) {
        const a0 = f64x2.sub(v128.load(x + j), v128.load(means + j));
        const a1 = f64x2.sub(v128.load(x + j, 16), v128.load(means + j, 16));
        low = f64x2.add(low, f64x2.mul(f64x2.mul(a0, a0), v128.load(inverses + j)));
        high = f64x2.add(high, f64x2.mul(f64x2.mul(a1, a1), v128.load(inverses + j, 16)));
      }
      const sum = f64x2.add(low, high);
      store<f64>(p + (c << 3), load<f64>(own) - 0.5 * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
    }
    if (!areFinite(p, classes)) return row;
    softmaxOf(p, classes, largestOf(p, classes));
  }
  return -1;
}
