import { log } from '../math';
import { randomKey } from '../random';

// The best split of a node by a few of its columns, as in scikit-learn's trees, on bins. A row has two i32: `value` (its
// target times its weight, or its class) and `weight`. Columns are summed by bin in `histogram`, a line each: for sums,
// 256 times two i64 (values; rows from bit `shift` on and weights below); for classes, 256 times `classes` such i64.
// Between two searches all lines are zero.

const MISSING = 255;
/** Nodes with fewer rows note which bins they touch, in four u64 for each line. */
const SMALL = 256;

let bins: usize = 0;
let stride: usize = 0;
let width: i32 = 0;
let binCounts: usize = 0;
let samples: usize = 0;
let order: usize = 0;
let histogram: usize = 0;
let marks: usize = 0;
let features: usize = 0;
let swaps: usize = 0;
let totals: usize = 0;
let lefts: usize = 0;

let classes: i32 = 0;
let lineBytes: usize = 4096;
let chosen: i32 = 0;
let leastRows: i32 = 1;
let byEntropy: bool = false;
let shift: u64 = 0;
let mask: u64 = 0;

let valueUnit: f64 = 0;
let weightUnit: f64 = 0;
let all: v128 = i64x2.splat(0);
let allRows: i32 = 0;
let allWeight: f64 = 0;

/** Sum of the scores of all splits that were tried since the last `forgetTried`. */
let tried: f64 = 0;
let best: f64 = 0;
let bestColumn: i32 = -1;
let bestBin: i32 = 0;
let bestMissingLeft: i32 = 0;

/** Where things are. features, swaps: i32 for each column; marks: 32 bytes for each column that is drawn; totals, lefts: i64 for each class. */
export function setGrowerPlaces(rowsOfBins: usize, bytes: i32, columns: i32, counts: usize, values: usize, rows: usize, lines: usize, touched: usize, list: usize, undo: usize, sums: usize, left: usize): void {
  bins = rowsOfBins;
  stride = bytes;
  width = columns;
  binCounts = counts;
  samples = values;
  order = rows;
  histogram = lines;
  marks = touched;
  features = list;
  swaps = undo;
  totals = sums;
  lefts = left;
  for (let column = 0; column < columns; column++) store<i32>(list + (<usize>column << 2), column);
}

/** classes: 0 where values are summed. columns: how many a node draws. */
export function setGrowerRules(ofClasses: i32, columns: i32, least: i32, entropy: i32, bits: i32): void {
  classes = ofClasses;
  lineBytes = ofClasses ? (<usize>ofClasses << 11) : 4096;
  chosen = columns;
  leastRows = least;
  byEntropy = entropy != 0;
  shift = <u64>bits;
  mask = (<u64>1 << <u64>bits) - 1;
}

export function setSampleUnits(value: f64, weight: f64): void {
  valueUnit = value;
  weightUnit = weight;
}

/** What searches came by and no tree holds. */
export function triedScores(): f64 {
  return tried;
}

export function forgetTried(): void {
  tried = 0;
}

export function splitColumn(): i32 {
  return bestColumn;
}

export function splitBin(): i32 {
  return bestBin;
}

export function splitMissingLeft(): i32 {
  return bestMissingLeft;
}

export function nodeWeight(): f64 {
  return allWeight;
}

/** The node's mean value (without the targets' middle), or its share of a class. */
export function nodeMean(c: i32): f64 {
  if (classes) return <f64>(load<u64>(totals + (<usize>c << 3)) & mask) * weightUnit / allWeight;
  return <f64>i64x2.extract_lane(all, 0) * valueUnit / allWeight;
}

// @ts-ignore: decorator
@inline
function entry(row: usize): v128 {
  return i64x2.add(i64x2.replace_lane(i64x2.splat(0), 1, <i64>1 << <i64>shift), i64x2.extend_low_i32x4_s(v128.load64_zero(samples + (row << 3))));
}

// @ts-ignore: decorator
@inline
function power(x: f64): f64 {
  return x > 0 ? x * log(x) : 0;
}

/** Sums a node's rows. Returns how impure it is, the larger the purer: the sum of squared sums by weight, or weights times logarithms. */
export function sumNode(start: i32, count: i32): f64 {
  const first = order + (<usize>start << 2);
  const end = first + (<usize>count << 2);
  allRows = count;
  if (classes) {
    memory.fill(totals, 0, <usize>classes << 3);
    for (let at = first; at < end; at += 4) {
      const sample = samples + (<usize>load<u32>(at) << 3);
      const place = totals + (<usize>load<u32>(sample) << 3);
      store<u64>(place, load<u64>(place) + (<u64>1 << shift) + load<u32>(sample, 4));
    }
    let weight: u64 = 0;
    for (let c = 0; c < classes; c++) weight += load<u64>(totals + (<usize>c << 3)) & mask;
    allWeight = <f64>weight * weightUnit;
    return scoreOfClasses(totals, allWeight);
  }
  let sums = i64x2.splat(0);
  for (let at = first; at < end; at += 4) sums = i64x2.add(sums, entry(<usize>load<u32>(at)));
  all = sums;
  allWeight = <f64>(<u64>i64x2.extract_lane(sums, 1) & mask) * weightUnit;
  return scoreOfSum(<f64>i64x2.extract_lane(sums, 0) * valueUnit, allWeight);
}

// @ts-ignore: decorator
@inline
function scoreOfSum(value: f64, weight: f64): f64 {
  return byEntropy ? power(value) + power(weight - value) - power(weight) : value * value / weight;
}

function scoreOfClasses(sums: usize, weight: f64): f64 {
  let score: f64 = 0;
  for (let c: usize = 0; c < <usize>classes << 3; c += 8) {
    const own = <f64>(load<u64>(sums + c) & mask) * weightUnit;
    score += byEntropy ? power(own) : own * own;
  }
  return byEntropy ? score - power(weight) : score / weight;
}

/** Adds a node's rows to lines for the places [from, to) of the list of columns, the first line for the first. */
function fill(start: i32, count: i32, from: i32, to: i32, small: bool): void {
  const end = order + (<usize>(start + count) << 2);
  for (let at = order + (<usize>start << 2); at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const own = bins + row * stride;
    const value = entry(row);
    for (let j = from; j < to; j++) {
      const bin = <usize>load<u8>(own + load<u32>(features + (<usize>j << 2)));
      const place = histogram + ((<usize>(j - from) << 12) | (bin << 4));
      v128.store(place, i64x2.add(v128.load(place), value));
      if (small) mark(j - from, bin);
    }
  }
}

/** The same for all columns of a large node, four at a time. */
function fillAll(start: i32, count: i32): void {
  const end = order + (<usize>(start + count) << 2);
  for (let at = order + (<usize>start << 2); at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const value = entry(row);
    let line = histogram;
    for (let own = bins + row * stride, stop = own + stride; own < stop; own += 4) {
      const four = <usize>load<u32>(own);
      const a = line + ((four & 255) << 4);
      const b = line + ((four >> 4) & 0xff0);
      const c = line + ((four >> 12) & 0xff0);
      const d = line + ((four >> 20) & 0xff0);
      v128.store(a, i64x2.add(v128.load(a), value));
      v128.store(b, i64x2.add(v128.load(b, 4096), value), 4096);
      v128.store(c, i64x2.add(v128.load(c, 8192), value), 8192);
      v128.store(d, i64x2.add(v128.load(d, 12288), value), 12288);
      line += 16384;
    }
  }
}

function fillClasses(start: i32, count: i32, from: i32, to: i32, small: bool): void {
  const end = order + (<usize>(start + count) << 2);
  for (let at = order + (<usize>start << 2); at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const own = bins + row * stride;
    const sample = samples + (row << 3);
    const offset = <usize>load<u32>(sample) << 3;
    const value = (<u64>1 << shift) + load<u32>(sample, 4);
    for (let j = from; j < to; j++) {
      const bin = <usize>load<u8>(own + load<u32>(features + (<usize>j << 2)));
      const place = histogram + <usize>(j - from) * lineBytes + bin * (<usize>classes << 3) + offset;
      store<u64>(place, load<u64>(place) + value);
      if (small) mark(j - from, bin);
    }
  }
}

// @ts-ignore: decorator
@inline
function mark(j: i32, bin: usize): void {
  const word = marks + (<usize>j << 5) + ((bin >> 6) << 3);
  store<u64>(word, load<u64>(word) | (<u64>1 << <u64>(bin & 63)));
}

// @ts-ignore: decorator
@inline
function takeBest(score: f64, column: i32, bin: i32, missingLeft: i32): void {
  tried += score;
  if (!(score > best)) return;
  best = score;
  bestColumn = column;
  bestBin = bin;
  bestMissingLeft = missingLeft;
}

/** Tries to part the rows so that `left` goes left. some: whether rows miss this column. */
function tryPart(left: v128, column: i32, bin: i32, missingLeft: i32, some: bool): void {
  const weights = <u64>i64x2.extract_lane(left, 1);
  const rows = <i32>(weights >> shift);
  if (rows < leastRows || allRows - rows < leastRows) return;
  const weight = <f64>(weights & mask) * weightUnit;
  const value = <f64>i64x2.extract_lane(left, 0) * valueUnit;
  const rest = i64x2.sub(all, left);
  const restWeight = <f64>(<u64>i64x2.extract_lane(rest, 1) & mask) * weightUnit;
  const restValue = <f64>i64x2.extract_lane(rest, 0) * valueUnit;
  takeBest(scoreOfSum(value, weight) + scoreOfSum(restValue, restWeight), column, bin, some ? missingLeft : <i32>(rows > allRows - rows));
}

// @ts-ignore: decorator
@inline
function marksOf(j: i32, word: i32, count: i32, small: bool): u64 {
  const place = marks + (<usize>j << 5) + (<usize>word << 3);
  // Bit 255 is the missing one's; large nodes look at every bin that the column has.
  let found = small ? load<u64>(place) : count >= (word + 1) << 6 ? ~<u64>0 : count > word << 6 ? (<u64>1 << <u64>(count & 63)) - 1 : 0;
  if (small) store<u64>(place, 0);
  if (word == 3) found &= 0x7fffffffffffffff;
  return found;
}

/** Tries all splits of a column, whose line is j, and clears it. Returns whether the column has more than one value in the node. */
function scanSums(column: i32, j: i32, small: bool): bool {
  const count = load<i32>(binCounts + (<usize>column << 2));
  const line = histogram + (<usize>j << 12);
  const missing = v128.load(line + (MISSING << 4));
  const some = i64x2.extract_lane(missing, 1) != 0;
  v128.store(line + (MISSING << 4), i64x2.splat(0));
  let left = i64x2.splat(0);
  let before = -1;
  let different = some ? 1 : 0;
  for (let word = 0; word < 4; word++) {
    for (let bits = marksOf(j, word, count, small); bits != 0; bits &= bits - 1) {
      const bin = (word << 6) + <i32>ctz(bits);
      const place = line + (<usize>bin << 4);
      const own = v128.load(place);
      if (i64x2.extract_lane(own, 1) == 0) continue;
      v128.store(place, i64x2.splat(0));
      if (before >= 0) {
        // Halfway between the two bins.
        const middle = (before + bin - 1) >> 1;
        tryPart(left, column, middle, 0, some);
        if (some) tryPart(i64x2.add(left, missing), column, middle, 1, true);
      }
      left = i64x2.add(left, own);
      before = bin;
      different++;
    }
  }
  if (some && before >= 0) tryPart(left, column, count - 1, 0, true);
  return different > 1;
}

/** Tries to part the rows so that the classes of `lefts` go left, and those at `missing` too unless it is 0. */
function tryClasses(missing: usize, column: i32, bin: i32, missingLeft: i32, some: bool): void {
  let rows = 0;
  let weight: u64 = 0;
  let score: f64 = 0;
  let restScore: f64 = 0;
  for (let c: usize = 0; c < <usize>classes << 3; c += 8) {
    const own = load<u64>(lefts + c) + (missing ? load<u64>(missing + c) : 0);
    const rest = load<u64>(totals + c) - own;
    rows += <i32>(own >> shift);
    weight += own & mask;
    const left = <f64>(own & mask) * weightUnit;
    const right = <f64>(rest & mask) * weightUnit;
    score += byEntropy ? power(left) : left * left;
    restScore += byEntropy ? power(right) : right * right;
  }
  if (rows < leastRows || allRows - rows < leastRows) return;
  const leftWeight = <f64>weight * weightUnit;
  const restWeight = allWeight - leftWeight;
  const sum = byEntropy ? score - power(leftWeight) + (restScore - power(restWeight)) : score / leftWeight + restScore / restWeight;
  takeBest(sum, column, bin, some ? missingLeft : <i32>(rows > allRows - rows));
}

function scanClasses(column: i32, j: i32, small: bool): bool {
  const count = load<i32>(binCounts + (<usize>column << 2));
  const line = histogram + <usize>j * lineBytes;
  const bytes = <usize>classes << 3;
  const missing = line + MISSING * bytes;
  const some = isUsed(missing);
  memory.fill(lefts, 0, bytes);
  let before = -1;
  let different = some ? 1 : 0;
  for (let word = 0; word < 4; word++) {
    for (let bits = marksOf(j, word, count, small); bits != 0; bits &= bits - 1) {
      const bin = (word << 6) + <i32>ctz(bits);
      const place = line + <usize>bin * bytes;
      if (!isUsed(place)) continue;
      if (before >= 0) {
        const middle = (before + bin - 1) >> 1;
        tryClasses(0, column, middle, 0, some);
        if (some) tryClasses(missing, column, middle, 1, true);
      }
      for (let c: usize = 0; c < bytes; c += 8) store<u64>(lefts + c, load<u64>(lefts + c) + load<u64>(place + c));
      memory.fill(place, 0, bytes);
      before = bin;
      different++;
    }
  }
  if (some && before >= 0) tryClasses(0, column, count - 1, 0, true);
  memory.fill(missing, 0, bytes);
  return different > 1;
}

function isUsed(place: usize): bool {
  for (let c: usize = 0; c < <usize>classes << 3; c += 8) if (load<u64>(place + c) != 0) return true;
  return false;
}

/** Sums and tries the places [from, to) of the list. Returns whether one of their columns has more than one value. */
function tryLines(start: i32, count: i32, from: i32, to: i32): bool {
  const small = count < SMALL;
  if (classes) fillClasses(start, count, from, to, small);
  else if (!small && from == 0 && to == width && chosen == width) fillAll(start, count);
  else fill(start, count, from, to, small);
  let different = false;
  for (let j = from; j < to; j++) {
    const column = load<i32>(features + (<usize>j << 2));
    const found = classes ? scanClasses(column, j - from, small) : scanSums(column, j - from, small);
    different = different || found;
  }
  return different;
}

/**
 * Searches the node that `sumNode` has summed. Columns are drawn without putting back, by the node's key; after them one
 * by one, until one has more than one value. Returns the score of the best split, -Infinity where there is none.
 */
export function searchNode(start: i32, count: i32, key: u64): f64 {
  best = -Infinity;
  bestColumn = -1;
  if (chosen == width) {
    tryLines(start, count, 0, width);
    return best;
  }
  let drawn = 0;
  for (let different = false, until = chosen; !different && drawn < width; until = drawn + 1) {
    const from = drawn;
    for (; drawn < until; drawn++) swap(drawn, drawn + <i32>(((randomKey(key, drawn) >> 32) * <u64>(width - drawn)) >> 32), true);
    different = tryLines(start, count, from, drawn);
  }
  while (drawn > 0) {
    drawn--;
    swap(drawn, load<i32>(swaps + (<usize>drawn << 2)), false);
  }
  return best;
}

function swap(a: i32, b: i32, note: bool): void {
  if (note) store<i32>(swaps + (<usize>a << 2), b);
  const first = load<i32>(features + (<usize>a << 2));
  store<i32>(features + (<usize>a << 2), load<i32>(features + (<usize>b << 2)));
  store<i32>(features + (<usize>b << 2), first);
}
