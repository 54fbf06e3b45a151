// The best split of a leaf, by its histogram. With G and H the sums of first and second derivatives, a leaf's value is
// -G / (H + l2), and a split's gain what it lowers the sum of G * value by, as in scikit-learn's splitting.pyx.

const LINE: usize = 4096;
const MISSING: usize = 255 << 4;
/** scikit-learn's min_hessian_to_split. */
const LEAST_HESSIAN: f64 = 1e-3;

let shift: u64 = 0;
let mask: u64 = 0;
let gradientUnit: f64 = 0;
let hessianUnit: f64 = 0;
let l2: f64 = 0;
let leastRows: i32 = 0;
let lowest: f64 = 0;
let highest: f64 = 0;
let allGradients: i64 = 0;
let allWeights: u64 = 0;
let before: f64 = 0;
let bestGain: f64 = 0;
let bestOut: usize = 0;

/** What all searches of a run share; `l2` has 1e-15 added. */
export function setSplits(bits: i32, penalty: f64, rows: i32): void {
  shift = <u64>bits;
  mask = (<u64>1 << <u64>bits) - 1;
  l2 = penalty + 1e-15;
  leastRows = rows;
}

/** What one unit of the integers means: powers of two. */
export function setUnits(gradient: f64, hessian: f64): void {
  gradientUnit = gradient;
  hessianUnit = hessian;
}

// @ts-ignore: decorator
@inline
function valueOf(gradients: f64, hessians: f64): f64 {
  const value = -gradients / (hessians + l2);
  return value < lowest ? lowest : value > highest ? highest : value;
}

/** Tries the places after bins [0, last] of a column, missing rows counted on the left when `missing` is 1. */
function scan(line: usize, feature: i32, last: i32, missing: i32, some: bool, sign: i32): void {
  let sums = missing ? v128.load(line + MISSING) : i64x2.splat(0);
  let seen: u64 = 0;
  for (let bin = 0; bin <= last; bin++) {
    sums = i64x2.add(sums, v128.load(line + (<usize>bin << 4)));
    const weights = <u64>i64x2.extract_lane(sums, 1);
    const left = <i32>(weights >> shift);
    // An empty bin parts the rows as the one before it did.
    if (left < leastRows || weights == seen) continue;
    seen = weights;
    const right = <i32>((allWeights >> shift) - (weights >> shift));
    if (right < leastRows) break;
    const leftHessians = <f64>(weights & mask) * hessianUnit;
    const rightHessians = <f64>((allWeights & mask) - (weights & mask)) * hessianUnit;
    if (leftHessians < LEAST_HESSIAN) continue;
    if (rightHessians < LEAST_HESSIAN) break;
    const gradients = i64x2.extract_lane(sums, 0);
    const leftGradients = <f64>gradients * gradientUnit;
    const rightGradients = <f64>(allGradients - gradients) * gradientUnit;
    const leftValue = valueOf(leftGradients, leftHessians);
    const rightValue = valueOf(rightGradients, rightHessians);
    if ((sign > 0 && leftValue > rightValue) || (sign < 0 && leftValue < rightValue)) continue;
    const gain = before - leftValue * leftGradients - rightValue * rightGradients;
    if (!(gain > bestGain)) continue;
    bestGain = gain;
    store<f64>(bestOut, gain);
    store<f64>(bestOut, <f64>feature, 8);
    store<f64>(bestOut, <f64>bin, 16);
    store<f64>(bestOut, <f64>(some ? missing : left > right ? 1 : 0), 24);
    store<f64>(bestOut, <f64>left, 32);
    store<f64>(bestOut, <f64>right, 40);
    store<f64>(bestOut, leftValue, 48);
    store<f64>(bestOut, rightValue, 56);
  }
}

/**
 * The best split over the columns [first, last), whose histogram begins at `histogram`. The first of equals counts:
 * columns, then missing right before left, then bins. out: gain (0 where there is none), column, bin, whether missing
 * goes left, rows left and right, values left and right, and the leaf's own value, as f64.
 * bins: i32 bins of each column; signs: i32 monotone constraint of each column; values stay within [low, high].
 */
export function findSplit(histogram: usize, first: i32, last: i32, bins: usize, signs: usize, low: f64, high: f64, out: usize): void {
  memory.fill(out, 0, 72);
  lowest = low;
  highest = high;
  let sums = i64x2.splat(0);
  for (let at: usize = 0; at < LINE; at += 16) sums = i64x2.add(sums, v128.load(histogram + at));
  allGradients = i64x2.extract_lane(sums, 0);
  allWeights = <u64>i64x2.extract_lane(sums, 1);
  const gradients = <f64>allGradients * gradientUnit;
  const own = valueOf(gradients, <f64>(allWeights & mask) * hessianUnit);
  store<f64>(out, own, 64);
  before = own * gradients;
  bestGain = 0;
  bestOut = out;
  for (let feature = first; feature < last; feature++) {
    const line = histogram + <usize>(feature - first) * LINE;
    const count = load<i32>(bins + (<usize>feature << 2));
    const sign = load<i32>(signs + (<usize>feature << 2));
    const some = load<i64>(line + MISSING, 8) != 0;
    scan(line, feature, some ? count - 1 : count - 2, 0, some, sign);
    if (some) scan(line, feature, count - 2, 1, some, sign);
  }
}
