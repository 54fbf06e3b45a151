import { findNearest, nearest, nearestIndex, secondNearest } from './nearestCentre';

// centres: [clusters, width] row by row; columns: the same by column, as `nearestCentre.ts` wants them.
// Sums of rows are exact: a column's values are rounded to integers of 1 / scale, and integers may be added and taken
// away in any order.

// Bounds on distances are kept on the safe side of all rounding: relatively by far more than the 2^-53 of each of at
// most some 10,000 terms, absolutely by more than the square root of what underflows.
const WIDER: f64 = 1.000000001;
const NARROWER: f64 = 0.999999999;
const TINY: f64 = 1e-150;
const HUGE: f64 = 1e150;

/** Added to a number below 2^51 in size, it leaves the nearest integer in the lower bits, halves going to the even one. */
const ROUNDER: f64 = 6755399441055744.0;
const ROUNDER_BITS: i64 = 0x4338000000000000;

/** The value in units of 1 / scale, rounded to the nearest integer, halves to the even one. */
// @ts-ignore: decorator
@inline
function fixed(value: f64, scale: f64): i64 {
  return reinterpret<i64>(value * scale + ROUNDER) - ROUNDER_BITS;
}

// @ts-ignore: decorator
@inline
function fixedPair(values: usize, scales: usize): v128 {
  const moved = f64x2.add(f64x2.mul(v128.load(values), v128.load(scales)), f64x2.splat(ROUNDER));
  return i64x2.sub(moved, i64x2.splat(ROUNDER_BITS));
}

function addRow(x: usize, width: i32, scales: usize, sums: usize): void {
  const pairs = <usize>(width & ~1) << 3;
  let j: usize = 0;
  for (; j < pairs; j += 16) v128.store(sums + j, i64x2.add(v128.load(sums + j), fixedPair(x + j, scales + j)));
  if (width & 1) store<i64>(sums + j, load<i64>(sums + j) + fixed(load<f64>(x + j), load<f64>(scales + j)));
}

function takeRow(x: usize, width: i32, scales: usize, sums: usize): void {
  const pairs = <usize>(width & ~1) << 3;
  let j: usize = 0;
  for (; j < pairs; j += 16) v128.store(sums + j, i64x2.sub(v128.load(sums + j), fixedPair(x + j, scales + j)));
  if (width & 1) store<i64>(sums + j, load<i64>(sums + j) - fixed(load<f64>(x + j), load<f64>(scales + j)));
}

/** The distance of a row to a centre, in two sums: for bounds only. */
// @ts-ignore: decorator
@inline
function roughDistance(x: usize, centre: usize, width: i32): f64 {
  let sum = f64x2.splat(0);
  const pairs = <usize>(width & ~1) << 3;
  let j: usize = 0;
  for (; j < pairs; j += 16) {
    const d = f64x2.sub(v128.load(x + j), v128.load(centre + j));
    sum = f64x2.add(sum, f64x2.mul(d, d));
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (width & 1) {
    const d = load<f64>(x + j) - load<f64>(centre + j);
    total += d * d;
  }
  return sqrt(total);
}

/**
 * Finds the nearest centre of the rows [first, last), given the one before (-1: none), and moves each row that changes
 * from the sums and count of one cluster to those of the other. upper and lower bound the row's distances to its centre
 * and to all others; `moves` is how far each centre went since, `halves` half its distance to the next one, both on the
 * safe side. Rows that cannot have changed are not looked at: the answers are those of looking at all.
 * Source: Hamerly, "Making k-means even faster", SDM 2010. Returns the first row too far from all centres, or -1.
 */
export function assignRows(
  design: usize, width: i32, centres: usize, columns: usize, padded: i32, owners: usize, upper: usize, lower: usize,
  moves: usize, halves: usize, most: i32, largest: f64, second: f64, scales: usize, sums: usize, counts: usize, first: i32, last: i32,
): i32 {
  const line = <usize>width << 3;
  for (let row = first; row < last; row++) {
    const x = design + <usize>row * line;
    const at = <usize>row << 3;
    const before = load<i32>(owners + (<usize>row << 2));
    if (before >= 0) {
      const low = load<f64>(lower + at) - (before == most ? second : largest);
      store<f64>(lower + at, low);
      const half = load<f64>(halves + (<usize>before << 3));
      const bound = low > half ? low : half;
      let high = load<f64>(upper + at) + load<f64>(moves + (<usize>before << 3));
      if (high < bound) {
        store<f64>(upper + at, high);
        continue;
      }
      high = roughDistance(x, centres + <usize>before * line, width) * WIDER + TINY;
      store<f64>(upper + at, high);
      if (high < bound) continue;
    }
    findNearest(x, width, columns, padded);
    if (!(nearest < Infinity)) return row;
    store<f64>(upper + at, sqrt(nearest) * WIDER + TINY);
    const low = sqrt(secondNearest) * NARROWER - TINY;
    store<f64>(lower + at, low < HUGE ? low : HUGE);
    if (nearestIndex == before) continue;
    store<i32>(owners + (<usize>row << 2), nearestIndex);
    if (before >= 0) {
      takeRow(x, width, scales, sums + <usize>before * line);
      store<i64>(counts + (<usize>before << 3), load<i64>(counts + (<usize>before << 3)) - 1);
    }
    addRow(x, width, scales, sums + <usize>nearestIndex * line);
    store<i64>(counts + (<usize>nearestIndex << 3), load<i64>(counts + (<usize>nearestIndex << 3)) + 1);
  }
  return -1;
}

/** out[i] += values[i], integers of 64 bits. */
export function addIntegers(out: usize, values: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 3; i < end; i += 8) store<i64>(out + i, load<i64>(out + i) + load<i64>(values + i));
}

/** The largest |value| of each column of the rows [first, last), and of what stands in out. */
export function largestOfColumns(design: usize, width: i32, out: usize, first: i32, last: i32): void {
  for (let row = first; row < last; row++) {
    const x = design + ((<usize>row * width) << 3);
    for (let j: usize = 0, end = <usize>width << 3; j < end; j += 8) {
      const size = abs(load<f64>(x + j));
      if (size > load<f64>(out + j)) store<f64>(out + j, size);
    }
  }
}

/** Adds the rows [first, last) to sums. */
export function sumColumns(design: usize, width: i32, scales: usize, sums: usize, first: i32, last: i32): void {
  for (let row = first; row < last; row++) addRow(design + ((<usize>row * width) << 3), width, scales, sums);
}

/** mean[j] = sums[j] / count / scale[j] */
export function meanOfSums(sums: usize, count: f64, scales: usize, mean: usize, width: i32): void {
  for (let j: usize = 0, end = <usize>width << 3; j < end; j += 8) {
    store<f64>(mean + j, <f64>load<i64>(sums + j) / count / load<f64>(scales + j));
  }
}

/** The centres of the clusters' sums; a cluster without rows keeps its centre. */
export function meansOfClusters(sums: usize, counts: usize, scales: usize, centres: usize, clusters: i32, width: i32): void {
  const line = <usize>width << 3;
  for (let c: usize = 0; c < <usize>clusters; c++) {
    const count = load<i64>(counts + (c << 3));
    if (count > 0) meanOfSums(sums + c * line, <f64>count, scales, centres + c * line, width);
  }
}

/** columns = centres by column. */
export function centreColumns(centres: usize, clusters: i32, width: i32, columns: usize, padded: i32): void {
  for (let j = 0; j < width; j++) {
    for (let c = 0; c < padded; c++) {
      const value = c < clusters ? load<f64>(centres + ((<usize>c * width + j) << 3)) : Infinity;
      store<f64>(columns + ((<usize>j * padded + c) << 3), value);
    }
  }
}

/** Squared distance of two rows, from the first column to the last. */
export function squaredDistance(a: usize, b: usize, width: i32): f64 {
  let sum: f64 = 0;
  for (let j: usize = 0, end = <usize>width << 3; j < end; j += 8) {
    const d = load<f64>(a + j) - load<f64>(b + j);
    sum += d * d;
  }
  return sum;
}

/** moves[c] = how far centre c went at most. Returns the sum of the squared ways. */
export function centreMoves(before: usize, after: usize, clusters: i32, width: i32, moves: usize): f64 {
  let total: f64 = 0;
  for (let c = 0; c < clusters; c++) {
    const at = (<usize>c * width) << 3;
    const way = squaredDistance(before + at, after + at, width);
    total += way;
    store<f64>(moves + (<usize>c << 3), sqrt(way) * WIDER + TINY);
  }
  return total;
}

/** halves[c] = at most half the distance from centre c to the next one, for the centres [first, last). */
export function halfDistances(centres: usize, clusters: i32, width: i32, halves: usize, first: i32, last: i32): void {
  for (let c = first; c < last; c++) {
    let least = Infinity;
    for (let other = 0; other < clusters; other++) {
      if (other == c) continue;
      const way = squaredDistance(centres + ((<usize>c * width) << 3), centres + ((<usize>other * width) << 3), width);
      if (way < least) least = way;
    }
    const half = (sqrt(least) * NARROWER - TINY) * 0.5;
    store<f64>(halves + (<usize>c << 3), half < HUGE ? half : HUGE);
  }
}

/** sum[0] += the squared distance of each row in [first, last) to one point. */
export function spreadRows(design: usize, width: i32, point: usize, sum: usize, first: i32, last: i32): void {
  let total = load<f64>(sum);
  for (let row = first; row < last; row++) total += squaredDistance(design + ((<usize>row * width) << 3), point, width);
  store<f64>(sum, total);
}

/**
 * Sum of the squared distances of all rows to their centres, from the clusters' sums, by the law of cosines around the
 * mean of all rows: spread - 2 sum (c - m)(S_c - n_c m) + sum n_c |c - m|^2; 0 where rounding leaves less.
 */
export function inertiaOf(spread: f64, mean: usize, sums: usize, counts: usize, scales: usize, centres: usize, clusters: i32, width: i32): f64 {
  let cross: f64 = 0;
  let own: f64 = 0;
  for (let c = 0; c < clusters; c++) {
    const count = <f64>load<i64>(counts + (<usize>c << 3));
    for (let j: usize = 0, end = <usize>width << 3; j < end; j += 8) {
      const at = ((<usize>c * width) << 3) + j;
      const m = load<f64>(mean + j);
      const way = load<f64>(centres + at) - m;
      cross += way * (<f64>load<i64>(sums + at) / load<f64>(scales + j) - count * m);
      own += count * (way * way);
    }
  }
  const inertia = spread - 2.0 * cross + own;
  return inertia < 0 ? 0 : inertia;
}

/**
 * The row in [first, last) that is farthest from its centre among those that come after (limit, limitRow) in the order
 * of falling distances, ties by row. Its distance goes to out; -1 if there is none.
 */
export function farthestRow(
  design: usize, width: i32, centres: usize, owners: usize, limit: f64, limitRow: i32, out: usize, first: i32, last: i32,
): i32 {
  let found = -1;
  let most: f64 = -1;
  for (let row = first; row < last; row++) {
    const centre = centres + ((<usize>load<i32>(owners + (<usize>row << 2)) * width) << 3);
    const way = squaredDistance(design + ((<usize>row * width) << 3), centre, width);
    if (way > most && (way < limit || (way == limit && row > limitRow))) {
      most = way;
      found = row;
    }
  }
  store<f64>(out, most);
  return found;
}
