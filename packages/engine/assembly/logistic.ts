import { exp, log } from './math';
import { expPair } from './trees/expPair';

// Shapes: design [rows, line], weights [vectors, line], probabilities [rows, vectors]; line: a
// multiple of 4, padded with zeros. vectors == classes, or 1 for two classes (the second one's).

// @ts-ignore: decorator
@inline
function fold(low: v128, high: v128): f64 {
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * margins[row, v] of four rows, `step` bytes apart, to places `next` bytes apart: products are added in four lanes, column j in lane j mod 4, and the lanes as
 * (0 + 2) + (1 + 3).
 */
// @ts-ignore: decorator
@inline
function margins4(x: usize, line: i32, step: usize, weights: usize, vectors: i32, out: usize, next: usize): void {
  const size = <usize>line << 3;
  for (let v: usize = 0; v < <usize>vectors; v++) {
    const w = weights + v * size;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    for (let j: usize = 0; j < size; j += 32) {
      const w0 = v128.load(w + j);
      const w1 = v128.load(w + j, 16);
      const p = x + j;
      a0 = f64x2.add(a0, f64x2.mul(w0, v128.load(p)));
      a1 = f64x2.add(a1, f64x2.mul(w1, v128.load(p, 16)));
      const q = p + step;
      b0 = f64x2.add(b0, f64x2.mul(w0, v128.load(q)));
      b1 = f64x2.add(b1, f64x2.mul(w1, v128.load(q, 16)));
      const r = q + step;
      c0 = f64x2.add(c0, f64x2.mul(w0, v128.load(r)));
      c1 = f64x2.add(c1, f64x2.mul(w1, v128.load(r, 16)));
      const s = r + step;
      d0 = f64x2.add(d0, f64x2.mul(w0, v128.load(s)));
      d1 = f64x2.add(d1, f64x2.mul(w1, v128.load(s, 16)));
    }
    const o = out + (v << 3);
    store<f64>(o, fold(a0, a1));
    store<f64>(o + next, fold(b0, b1));
    store<f64>(o + 2 * next, fold(c0, c1));
    store<f64>(o + 3 * next, fold(d0, d1));
  }
}

// @ts-ignore: decorator
@inline
function margins1(x: usize, line: i32, weights: usize, vectors: i32, out: usize): void {
  const step = <usize>line << 3;
  for (let v: usize = 0; v < <usize>vectors; v++) {
    const w = weights + v * step;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    for (let j: usize = 0; j < step; j += 32) {
      a0 = f64x2.add(a0, f64x2.mul(v128.load(w + j), v128.load(x + j)));
      a1 = f64x2.add(a1, f64x2.mul(v128.load(w + j, 16), v128.load(x + j, 16)));
    }
    store<f64>(out + (v << 3), fold(a0, a1));
  }
}

/** Probability of the second class in place of its margin. */
// @ts-ignore: decorator
@inline
function logisticOf(p: usize): void {
  const margin = load<f64>(p);
  const e = exp(-abs(margin));
  store<f64>(p, (margin < 0 ? e : 1.0) / (1.0 + e));
}

/** Probabilities in place of the margins; returns the sum that they were divided by. The largest margin's share of it is 1. */
// @ts-ignore: decorator
@inline
export function softmaxOf(p: usize, vectors: i32, most: f64): f64 {
  const end = <usize>vectors << 3;
  let sum: f64 = 0;
  for (let v: usize = 0; v < end; v += 8) {
    const e = exp(load<f64>(p + v) - most);
    store<f64>(p + v, e);
    sum += e;
  }
  for (let v: usize = 0; v < end; v += 8) store<f64>(p + v, load<f64>(p + v) / sum);
  return sum;
}

// @ts-ignore: decorator
@inline
export function largestOf(p: usize, count: i32): f64 {
  let most = load<f64>(p);
  for (let v: usize = 8, end = <usize>count << 3; v < end; v += 8) most = max(most, load<f64>(p + v));
  return most;
}

/** Whether all margins are finite numbers. */
// @ts-ignore: decorator
@inline
export function areFinite(p: usize, count: i32): bool {
  for (let v: usize = 0, end = <usize>count << 3; v < end; v += 8) if (!(abs(load<f64>(p + v)) < Infinity)) return false;
  return true;
}

/** out[row, v] = weights[v] . x, lanes as above. */
export function projectRows(design: usize, line: i32, weights: usize, vectors: i32, out: usize, first: i32, last: i32): void {
  for (let row = first; row < last; row++) {
    margins1(design + ((<usize>row * line) << 3), line, weights, vectors, out + ((<usize>row * vectors) << 3));
  }
}

/** Class probabilities of the rows [first, last). Returns the first row with a margin that is not finite, or -1. */
export function scoreRows(design: usize, line: i32, weights: usize, vectors: i32, probabilities: usize, first: i32, last: i32): i32 {
  for (let row = first; row < last; row++) {
    const p = probabilities + ((<usize>row * vectors) << 3);
    margins1(design + ((<usize>row * line) << 3), line, weights, vectors, p);
    if (!areFinite(p, vectors)) return row;
    if (vectors == 1) logisticOf(p);
    else softmaxOf(p, vectors, largestOf(p, vectors));
  }
  return -1;
}

/** Rows whose sums of powers are multiplied before one logarithm is taken of them: the product stays finite for as many classes as there can be. */
const ROWS_A_LOG: i32 = 32;
/** Below this, `expPair` is not exp. */
const FARTHEST_PAIR: f64 = 708.0;

/** Two rows' probabilities of the second class in place of their margins, `next` bytes apart; returns what the margins' powers add up to, 1 + e^-|margin|. */
// @ts-ignore: decorator
@inline
function logisticPair(p: usize, next: usize): v128 {
  const margins = v128.load64_lane(p + next, v128.load64_splat(p), 1);
  const e = expPair(f64x2.neg(f64x2.abs(margins)));
  const one = f64x2.splat(1);
  const sums = f64x2.add(one, e);
  const shares = f64x2.div(v128.bitselect(e, one, f64x2.lt(margins, f64x2.splat(0))), sums);
  v128.store64_lane(p, shares, 0);
  v128.store64_lane(p + next, shares, 1);
  return sums;
}

/**
 * The loss and its slopes, on every `stride`th of the rows [first, last), counted from `first`: the rows' probabilities;
 * their log-losses, each times its row's weight (rowWeights = 0: 1), added to sums[0]; weight * (probability - [own
 * class]) * x added to the gradient [vectors, line] that begins at sums[4]. A row's loss is the logarithm of its powers'
 * sum and a rest: without weights the sums of 32 rows are multiplied, and one logarithm is taken of the product, after
 * their rests. Returns -1, or a row near one with a margin that is not finite.
 */
export function logisticRows(
  design: usize, line: i32, targets: usize, rowWeights: usize, weights: usize, vectors: i32,
  probabilities: usize, sums: usize, stride: i32, first: i32, last: i32,
): i32 {
  const step = (<usize>line * stride) << 3;
  const next = (<usize>vectors * stride) << 3;
  let total = load<f64>(sums);
  let product: f64 = 1;
  let seen = 0;
  for (let row = first; row < last; row += 4 * stride) {
    const x = design + ((<usize>row * line) << 3);
    const p = probabilities + ((<usize>row * vectors) << 3);
    const rows = min(4, (last - row + stride - 1) / stride);
    if (rows == 4) margins4(x, line, step, weights, vectors, p, next);
    else for (let k: usize = 0; k < <usize>rows; k++) margins1(x + k * step, line, weights, vectors, p + k * next);
    let near = vectors == 1 && rows == 4;
    for (let k = 0; k < rows; k++) {
      const own = p + <usize>k * next;
      if (!areFinite(own, vectors)) return row + k * stride;
      near = near && abs(load<f64>(own)) <= FARTHEST_PAIR;
    }
    const owns = targets + (<usize>row << 2);
    const scales = rowWeights ? rowWeights + (<usize>row << 3) : 0;
    if (near) {
      for (let k: usize = 0; k < 4; k += 2) {
        const own = p + k * next;
        const m0 = load<f64>(own);
        const m1 = load<f64>(own + next);
        const powers = logisticPair(own, next);
        const s0 = f64x2.extract_lane(powers, 0);
        const s1 = f64x2.extract_lane(powers, 1);
        const r0 = max(m0, 0) - (load<i32>(owns + ((k * stride) << 2)) == 1 ? m0 : 0);
        const r1 = max(m1, 0) - (load<i32>(owns + (((k + 1) * stride) << 2)) == 1 ? m1 : 0);
        if (scales) {
          total += load<f64>(scales + ((k * stride) << 3)) * (log(s0) + r0);
          total += load<f64>(scales + (((k + 1) * stride) << 3)) * (log(s1) + r1);
        } else {
          product = product * s0 * s1;
          total += r0;
          total += r1;
        }
      }
    } else {
      for (let k: usize = 0; k < <usize>rows; k++) {
        const own = p + k * next;
        const target = load<i32>(owns + ((k * stride) << 2));
        const margin = load<f64>(own);
        const most = vectors == 1 ? max(margin, 0) : largestOf(own, vectors);
        const rest = most - (vectors == 1 ? (target == 1 ? margin : 0) : load<f64>(own + (<usize>target << 3)));
        let sum: f64 = 1;
        if (vectors == 1) {
          sum = 1.0 + exp(-abs(margin));
          logisticOf(own);
        } else sum = softmaxOf(own, vectors, most);
        if (scales) total += load<f64>(scales + ((k * stride) << 3)) * (log(sum) + rest);
        else {
          product *= sum;
          total += rest;
        }
      }
    }
    seen += rows;
    if (seen == ROWS_A_LOG || row + 4 * stride >= last) {
      if (!scales) total += log(product);
      product = 1;
      seen = 0;
    }
    if (rows == 4) addSlopes4(x, line, step, owns, scales, vectors, p, sums + 32, stride);
    else for (let k: usize = 0; k < <usize>rows; k++) addSlopes1(x + k * step, line, owns, scales, vectors, p, sums + 32, k * stride);
  }
  store<f64>(sums, total);
  return -1;
}

/** weight * (probability - [own class]) of the row `k` rows behind the pointers. */
// @ts-ignore: decorator
@inline
function errorOf(p: usize, vectors: i32, v: i32, targets: usize, rowWeights: usize, k: usize): f64 {
  const target = load<i32>(targets + (k << 2));
  const error = load<f64>(p + ((k * vectors + v) << 3)) - (target == (vectors == 1 ? 1 : v) ? 1.0 : 0.0);
  return rowWeights ? load<f64>(rowWeights + (k << 3)) * error : error;
}

/** gradient[v] += error * x, row by row. */
// @ts-ignore: decorator
@inline
function addSlopes4(x: usize, line: i32, step: usize, targets: usize, rowWeights: usize, vectors: i32, p: usize, gradient: usize, stride: usize): void {
  const size = <usize>line << 3;
  for (let v = 0; v < vectors; v++) {
    const g = gradient + <usize>v * size;
    const e0 = f64x2.splat(errorOf(p, vectors, v, targets, rowWeights, 0));
    const e1 = f64x2.splat(errorOf(p, vectors, v, targets, rowWeights, stride));
    const e2 = f64x2.splat(errorOf(p, vectors, v, targets, rowWeights, 2 * stride));
    const e3 = f64x2.splat(errorOf(p, vectors, v, targets, rowWeights, 3 * stride));
    for (let j: usize = 0; j < size; j += 16) {
      let sum = v128.load(g + j);
      const at = x + j;
      sum = f64x2.add(sum, f64x2.mul(e0, v128.load(at)));
      sum = f64x2.add(sum, f64x2.mul(e1, v128.load(at + step)));
      sum = f64x2.add(sum, f64x2.mul(e2, v128.load(at + 2 * step)));
      v128.store(g + j, f64x2.add(sum, f64x2.mul(e3, v128.load(at + 3 * step))));
    }
  }
}

// @ts-ignore: decorator
@inline
function addSlopes1(x: usize, line: i32, targets: usize, rowWeights: usize, vectors: i32, p: usize, gradient: usize, k: usize): void {
  const size = <usize>line << 3;
  for (let v = 0; v < vectors; v++) {
    const g = gradient + <usize>v * size;
    const e = f64x2.splat(errorOf(p, vectors, v, targets, rowWeights, k));
    for (let j: usize = 0; j < size; j += 16) v128.store(g + j, f64x2.add(v128.load(g + j), f64x2.mul(e, v128.load(x + j))));
  }
}
