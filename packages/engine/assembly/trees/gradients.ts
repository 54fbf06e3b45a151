import { exp, log } from '../math';
import { expPair } from './expPair';

// gradients: [rows, 2] i32, first and second derivative of a row's loss by its raw score, as integers of given units.
// losses: two f64 sums, over the rows that learn and over those held out (`held`: a byte for each row, or 0).
// Margins beyond ±700 count as ±700, and a row's chance as at least 2^-60, so that everything stays finite.

const FAR: f64 = 700;
const LEAST: f64 = 8.673617379884035e-19;
/** Rows whose chances are multiplied before one logarithm is taken. */
const BLOCK = 16;

// @ts-ignore: decorator
@inline
function put(gradients: usize, row: i32, g: f64, h: f64): void {
  const place = gradients + (<usize>row << 3);
  store<i32>(place, <i32>nearest(g));
  store<i32>(place, <i32>nearest(h), 4);
}

// @ts-ignore: decorator
@inline
function addLoss(losses: usize, held: usize, row: i32, loss: f64): void {
  const place = losses + (held ? <usize>load<u8>(held + row) << 3 : 0);
  store<f64>(place, load<f64>(place) + loss);
}

/** Log-loss of two classes: raw [rows], targets 0 or 1. first is a multiple of 16 from the part's start. */
export function logisticGradients(raw: usize, targets: usize, weights: usize, held: usize, gradients: usize, losses: usize, unitsOfG: f64, unitsOfH: f64, first: i32, last: i32): void {
  let row = first;
  if (!weights && !held) row = logisticBlocks(raw, targets, gradients, losses, unitsOfG, unitsOfH, first, last);
  for (; row < last; row++) {
    const at = <usize>row << 3;
    const margin = load<f64>(raw + at);
    const positive = load<f64>(targets + at) > 0.5;
    const far = abs(margin);
    const e = exp(-(far < FAR ? far : FAR));
    const big = 1.0 / (1.0 + e);
    const small = e * big;
    const agrees = (margin >= 0) == positive;
    const chance = agrees ? big : small;
    const error = agrees ? small : big;
    const weight = weights ? load<f64>(weights + at) : 1.0;
    put(gradients, row, (positive ? -error : error) * weight * unitsOfG, big * small * weight * unitsOfH);
    addLoss(losses, held, row, -log(chance > LEAST ? chance : LEAST) * weight);
  }
}

/** The same for whole blocks of rows, two at a time; the loss of a block is one logarithm. Returns the row after them. */
function logisticBlocks(raw: usize, targets: usize, gradients: usize, losses: usize, unitsOfG: f64, unitsOfH: f64, first: i32, last: i32): i32 {
  const one = f64x2.splat(1);
  const far = f64x2.splat(FAR);
  const least = f64x2.splat(LEAST);
  const sign = f64x2.splat(-0.0);
  const ofG = f64x2.splat(unitsOfG);
  const ofH = f64x2.splat(unitsOfH);
  let total = load<f64>(losses);
  let row = first;
  for (; row + BLOCK <= last; row += BLOCK) {
    let product = one;
    for (let at = <usize>row << 3, end = at + (BLOCK << 3); at < end; at += 16) {
      const margin = v128.load(raw + at);
      const positive = f64x2.gt(v128.load(targets + at), f64x2.splat(0.5));
      const e = expPair(f64x2.neg(f64x2.pmin(far, f64x2.abs(margin))));
      const big = f64x2.div(one, f64x2.add(one, e));
      const small = f64x2.mul(e, big);
      const differs = v128.xor(f64x2.ge(margin, f64x2.splat(0)), positive);
      const chance = v128.bitselect(small, big, differs);
      const error = v128.bitselect(big, small, differs);
      const g = f64x2.mul(v128.xor(error, v128.and(positive, sign)), ofG);
      const h = f64x2.mul(f64x2.mul(big, small), ofH);
      product = f64x2.mul(product, f64x2.pmax(least, chance));
      const whole = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(g));
      v128.store(gradients + at, v128.shuffle<i32>(whole, i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(h)), 0, 4, 1, 5));
    }
    total -= log(f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1));
  }
  store<f64>(losses, total);
  return row;
}

/** Log-loss of several classes: keeps the largest raw score of each row and the sum of e^(score - largest) in stats [rows, 2]. */
export function softmaxStart(raw: usize, classes: i32, targets: usize, weights: usize, held: usize, stats: usize, losses: usize, first: i32, last: i32): void {
  for (let row = first; row < last; row++) {
    const line = raw + ((<usize>row * classes) << 3);
    let most = load<f64>(line);
    for (let c: usize = 1; c < <usize>classes; c++) {
      const score = load<f64>(line + (c << 3));
      if (score > most) most = score;
    }
    let sum: f64 = 0;
    for (let c: usize = 0; c < <usize>classes; c++) sum += exp(load<f64>(line + (c << 3)) - most);
    store<f64>(stats + (<usize>row << 4), most);
    store<f64>(stats + (<usize>row << 4), sum, 8);
    const own = load<f64>(line + (<usize>load<f64>(targets + (<usize>row << 3)) << 3));
    addLoss(losses, held, row, (log(sum) - (own - most)) * (weights ? load<f64>(weights + (<usize>row << 3)) : 1.0));
  }
}

/** Derivatives by the raw score of one class. */
export function softmaxGradients(raw: usize, classes: i32, own: i32, targets: usize, weights: usize, stats: usize, gradients: usize, unitsOfG: f64, unitsOfH: f64, first: i32, last: i32): void {
  for (let row = first; row < last; row++) {
    const at = <usize>row << 3;
    const stat = stats + (at << 1);
    const p = exp(load<f64>(raw + ((<usize>row * classes + own) << 3)) - load<f64>(stat)) / load<f64>(stat, 8);
    const g = load<f64>(targets + at) == <f64>own ? p - 1.0 : p;
    const weight = weights ? load<f64>(weights + at) : 1.0;
    put(gradients, row, g * weight * unitsOfG, p * (1.0 - p) * weight * unitsOfH);
  }
}

/** Half the squared errors; most[0] becomes the largest |error * weight|, which fixes the units. */
export function squaredErrors(raw: usize, targets: usize, weights: usize, held: usize, losses: usize, most: usize, first: i32, last: i32): void {
  let largest = load<f64>(most);
  for (let row = first; row < last; row++) {
    const at = <usize>row << 3;
    const error = load<f64>(raw + at) - load<f64>(targets + at);
    const weighted = error * (weights ? load<f64>(weights + at) : 1.0);
    if (abs(weighted) > largest) largest = abs(weighted);
    addLoss(losses, held, row, 0.5 * error * weighted);
  }
  store<f64>(most, largest);
}

/** Derivatives of half the squared error. */
export function squaredGradients(raw: usize, targets: usize, weights: usize, gradients: usize, unitsOfG: f64, unitsOfH: f64, first: i32, last: i32): void {
  for (let row = first; row < last; row++) {
    const at = <usize>row << 3;
    const weight = weights ? load<f64>(weights + at) : 1.0;
    put(gradients, row, (load<f64>(raw + at) - load<f64>(targets + at)) * weight * unitsOfG, weight * unitsOfH);
  }
}
