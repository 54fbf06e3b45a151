import { randomKey } from '../random';
import { forgetTried, nodeMean, nodeWeight, searchNode, setSampleUnits, splitBin, splitColumn, splitMissingLeft, sumNode } from './nodeSplit';

// A tree is grown node by node, a left child before its sibling, and written down in that order: as a model's body.

const LEAF: u32 = 0xffffffff;
const BITS = 30;

let bins: usize = 0;
let stride: usize = 0;
let rows: i32 = 0;
let targets: usize = 0;
let weights: usize = 0;
let samples: usize = 0;
let order: usize = 0;
let scratch: usize = 0;
let stack: usize = 0;
let thresholds: usize = 0;
let classes: i32 = 0;
let outputs: i32 = 0;
let mostDepth: i32 = 0;
let leastSplit: i32 = 0;
let leastLeaf: i32 = 0;
let middle: f64 = 0;
let impurityFactor: f64 = 0;

/** Open nodes: start, rows, depth (i32), unused, key (u64). */
const NODE: usize = 24;
let open: usize = 0;
let rootWeight: f64 = 0;
let rootImpurity: f64 = 0;
let lost: f64 = 0;

// Where leaves are bounded, the node that gains most is split first, and the tree is written once it is complete. A node is
// start, rows, depth, left child (i32; the right one follows; 0 where it has none), key (u64), gain (f64), column, bin,
// whether missing goes left (i32).
const BEST: usize = 48;
let mostLeaves: i32 = 0;
let table: usize = 0;
let heap: usize = 0;
let path: usize = 0;
let nodes: i32 = 0;
let leaves: i32 = 0;
let waiting: i32 = 0;
let writing: bool = false;
let rootSearched: bool = false;

/** Bounds the leaves; 0: no bound. table: 48 bytes for each of 2 * leaves nodes; heap: i32 for each leaf and one; path: for each leaf and two. */
export function setMostLeaves(most: i32, places: usize, queue: usize, stacked: usize): void {
  mostLeaves = most;
  table = places;
  heap = queue;
  path = stacked;
}

/** Where things are. weights: 0 where all are 1. thresholds: [columns, 256]. */
export function setTreePlaces(rowsOfBins: usize, bytes: i32, count: i32, goals: usize, factors: usize, values: usize, rowNumbers: usize, spare: usize, nodes: usize, cuts: usize): void {
  bins = rowsOfBins;
  stride = bytes;
  rows = count;
  targets = goals;
  weights = factors;
  samples = values;
  order = rowNumbers;
  scratch = spare;
  stack = nodes;
  thresholds = cuts;
}

/** ofClasses: 0 for regression, else the number of classes; center: what is taken off the targets of a regression. */
export function setTreeRules(ofClasses: i32, depth: i32, split: i32, leaf: i32, center: f64, factor: f64): void {
  classes = ofClasses > 2 ? ofClasses : 0;
  outputs = ofClasses;
  mostDepth = depth;
  leastSplit = split;
  leastLeaf = leaf;
  middle = center;
  impurityFactor = factor;
}

// @ts-ignore: decorator
@inline
function weightOf(row: i32): f64 {
  const drawn = <f64>load<i32>(scratch + (<usize>row << 2));
  return weights ? drawn * load<f64>(weights + (<usize>row << 3)) : drawn;
}

/** 2^(BITS - k), k being the smallest with value <= 2^k, at least -900. */
function unitsOf(value: f64, bits: i32): f64 {
  const word = reinterpret<u64>(value);
  let exponent = <i32>(word >> 52) - 1023;
  if ((word & 0xfffffffffffff) != 0) exponent++;
  if (exponent < -900) exponent = -900;
  return reinterpret<f64>(<u64>(bits - exponent + 1023) << 52);
}

/**
 * Begins tree `tree`: draws rows with putting back (or takes each once), and weighs them. Returns the root's impurity;
 * NaN where no row has a weight.
 */
export function startGrowing(seed: f64, tree: i32, bootstrap: i32, weightBits: i32): f64 {
  const key = randomKey(<u64>seed, <u64>tree);
  if (bootstrap) {
    memory.fill(scratch, 0, <usize>rows << 2);
    for (let draw = 0; draw < rows; draw++) {
      const place = scratch + (<usize>(((randomKey(key, <u64>draw) >> 32) * <u64>rows) >> 32) << 2);
      store<i32>(place, load<i32>(place) + 1);
    }
  } else {
    for (let row = 0; row < rows; row++) store<i32>(scratch + (<usize>row << 2), 1);
  }
  const count = weighRows(weightBits);
  open = 0;
  lost = 0;
  if (count == 0) return NaN;
  const score = sumNode(0, count);
  rootWeight = nodeWeight();
  if (mostLeaves) {
    nodes = 0;
    leaves = 1;
    waiting = 0;
    writing = false;
    rootSearched = false;
    addNode(0, count, 0, randomKey(~key, 0));
  } else push(0, count, 0, randomKey(~key, 0));
  rootImpurity = impurityFactor == 1 && outputs == 0 ? (squares(count) - score) / rootWeight : rootOfClasses(score);
  return rootImpurity;
}

/** Gini: 1 - the sum of squared shares; entropy: - the sum of weights times logarithms, by the weight. */
function rootOfClasses(score: f64): f64 {
  if (impurityFactor == 0) return -score / rootWeight;
  if (classes) return 1 - score / rootWeight;
  const share = nodeMean(0);
  return 2 * share * (1 - share);
}

/** Sum of the root's weights times squared values. */
function squares(count: i32): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0; at < <usize>count << 2; at += 4) {
    const row = load<i32>(order + at);
    const value = load<f64>(targets + (<usize>row << 3)) - middle;
    sum += weightOf(row) * value * value;
  }
  return sum;
}

/** Gives each drawn row its integers, and lists them in order. Returns how many there are. */
function weighRows(weightBits: i32): i32 {
  let mostWeight: f64 = 0;
  let mostValue: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weightOf(row);
    if (weight > mostWeight) mostWeight = weight;
    if (outputs) continue;
    const value = abs((load<f64>(targets + (<usize>row << 3)) - middle) * weight);
    if (value > mostValue) mostValue = value;
  }
  const ofWeight = unitsOf(mostWeight, weightBits);
  const ofValue = outputs ? ofWeight : unitsOf(mostValue, BITS);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const real = weightOf(row);
    const weight = <i32>nearest(real * ofWeight);
    if (weight == 0) continue;
    const target = load<f64>(targets + (<usize>row << 3));
    const sample = samples + (<usize>row << 3);
    store<i32>(sample, classes ? <i32>target : outputs ? (target > 0.5 ? weight : 0) : <i32>nearest((target - middle) * real * ofValue));
    store<i32>(sample, weight, 4);
    store<i32>(order + (<usize>count << 2), row);
    count++;
  }
  setSampleUnits(1 / ofValue, 1 / ofWeight);
  return count;
}

function push(start: i32, count: i32, depth: i32, key: u64): void {
  const node = stack + open++ * NODE;
  store<i32>(node, start);
  store<i32>(node, count, 4);
  store<i32>(node, depth, 8);
  store<u64>(node, key, 16);
}

/** Whether all of a node's rows have one target. */
function isPure(start: i32, count: i32): bool {
  const first = order + (<usize>start << 2);
  const value = load<f64>(targets + (<usize>load<u32>(first) << 3));
  for (let at = first + 4, end = first + (<usize>count << 2); at < end; at += 4) {
    if (load<f64>(targets + (<usize>load<u32>(at) << 3)) != value) return false;
  }
  return true;
}

/**
 * Grows nodes until `budget` rows are done (a node counts 16 more), no node is open, or fewer than `least` bytes are left.
 * out: f64 impurity left in the tree, u32 whether the tree is complete, then the nodes. Returns its bytes.
 */
export function growNodes(budget: i32, out: usize, capacity: i32): i32 {
  const least = 12 + (<usize>(classes ? classes : 1) << 3);
  const end = out + <usize>capacity - least;
  let at = out + 12;
  let left = budget;
  forgetTried();
  if (mostLeaves) {
    if (!writing) growBest(left);
    else at = writeBest(at, end, left);
    store<f64>(out, rootImpurity - lost / rootWeight);
    store<u32>(out, writing && open == 0 ? 1 : 0, 8);
    return <i32>(at - out);
  }
  while (open > 0 && left > 0 && at <= end) {
    open--;
    const node = stack + open * NODE;
    const count = load<i32>(node, 4);
    left -= count + 16;
    at = growNode(at, load<i32>(node), count, load<i32>(node, 8), load<u64>(node, 16));
  }
  store<f64>(out, rootImpurity - lost / rootWeight);
  store<u32>(out, open == 0 ? 1 : 0, 8);
  return <i32>(at - out);
}

function splits(start: i32, count: i32, depth: i32): bool {
  return depth < mostDepth && count >= leastSplit && count >= 2 * leastLeaf && !isPure(start, count);
}

/** Takes a gain off the impurity. Rounding may make a useless split look worse than none. */
function lose(gain: f64): void {
  lost += (gain > 0 ? gain : 0) * (impurityFactor == 0 ? 1 : impurityFactor);
}

function writeSplit(at: usize, column: i32, bin: i32, missingLeft: i32): usize {
  store<u32>(at, <u32>column | (missingLeft ? 0x80000000 : 0));
  const cut = load<f64>(thresholds + ((<usize>column << 11) | (<usize>bin << 3)));
  store<f64>(at, cut < f64.MAX_VALUE ? cut : f64.MAX_VALUE, 4);
  return at + 12;
}

function growNode(at: usize, start: i32, count: i32, depth: i32, key: u64): usize {
  const own = sumNode(start, count);
  if (splits(start, count, depth)) {
    const score = searchNode(start, count, key);
    if (score > -Infinity) {
      const column = splitColumn();
      const left = partition(start, count, column, splitBin(), splitMissingLeft());
      lose(score - own);
      push(start + left, count - left, depth + 1, randomKey(key, 0xffffffff));
      push(start, left, depth + 1, randomKey(key, 0xfffffffe));
      return writeSplit(at, column, splitBin(), splitMissingLeft());
    }
  }
  return writeLeaf(at);
}

/** Writes down open nodes as leaves, as many as there is room for. Returns the bytes. */
export function closeNodes(out: usize, capacity: i32): i32 {
  const end = out + <usize>capacity - (4 + (<usize>(classes ? classes : 1) << 3));
  let at = out;
  if (mostLeaves) {
    if (!writing) startWriting();
    return <i32>(writeBest(at, end, i32.MAX_VALUE) - out);
  }
  for (; open > 0 && at <= end; open--) {
    const node = stack + (open - 1) * NODE;
    sumNode(load<i32>(node), load<i32>(node, 4));
    at = writeLeaf(at);
  }
  return <i32>(at - out);
}

function writeLeaf(at: usize): usize {
  store<u32>(at, LEAF);
  if (!classes) {
    store<f64>(at, nodeMean(0) + middle, 4);
    return at + 12;
  }
  for (let c = 0; c < classes; c++) store<f64>(at + (<usize>c << 3), nodeMean(c), 4);
  return at + 4 + (<usize>classes << 3);
}

/** Rows in bins up to `bin` go left, keeping their order. Returns how many. */
function partition(start: i32, count: i32, column: i32, bin: i32, missingLeft: i32): i32 {
  const first = order + (<usize>start << 2);
  const most = <u32>(bin + missingLeft);
  const own = bins + <usize>column;
  let lefts = first;
  let rights = scratch;
  for (let at = first, end = first + (<usize>count << 2); at < end; at += 4) {
    const row = load<u32>(at);
    const goes = <usize>(((<u32>load<u8>(own + <usize>row * stride) + <u32>missingLeft) & 255) <= most) << 2;
    store<u32>(lefts, row);
    store<u32>(rights, row);
    lefts += goes;
    rights += 4 - goes;
  }
  memory.copy(lefts, scratch, rights - scratch);
  return <i32>((lefts - first) >> 2);
}

// @ts-ignore: decorator
@inline
function bestNode(index: i32): usize {
  return table + <usize>index * BEST;
}

/** A node without children, searched at its turn. */
function addNode(start: i32, count: i32, depth: i32, key: u64): void {
  const node = bestNode(nodes++);
  store<i32>(node, start);
  store<i32>(node, count, 4);
  store<i32>(node, depth, 8);
  store<i32>(node, 0, 12);
  store<u64>(node, key, 16);
}

/** Searches a node, and lets it wait if it can be split. */
function searchBest(index: i32): void {
  const node = bestNode(index);
  const start = load<i32>(node);
  const count = load<i32>(node, 4);
  const own = sumNode(start, count);
  if (!splits(start, count, load<i32>(node, 8))) return;
  const score = searchNode(start, count, load<u64>(node, 16));
  if (score == -Infinity) return;
  store<f64>(node, score - own, 24);
  store<i32>(node, splitColumn(), 32);
  store<i32>(node, splitBin(), 36);
  store<i32>(node, splitMissingLeft(), 40);
  let place = waiting++;
  store<i32>(heap + (<usize>place << 2), index);
  while (place > 0 && isBefore(place, (place - 1) >> 1)) {
    exchange(place, (place - 1) >> 1);
    place = (place - 1) >> 1;
  }
}

/** The larger gain first, of equals the node that was made first. */
function isBefore(a: i32, b: i32): bool {
  const first = load<i32>(heap + (<usize>a << 2));
  const second = load<i32>(heap + (<usize>b << 2));
  const gain = load<f64>(bestNode(first), 24);
  const other = load<f64>(bestNode(second), 24);
  return gain > other || (gain == other && first < second);
}

function exchange(a: i32, b: i32): void {
  const first = load<i32>(heap + (<usize>a << 2));
  store<i32>(heap + (<usize>a << 2), load<i32>(heap + (<usize>b << 2)));
  store<i32>(heap + (<usize>b << 2), first);
}

function popBest(): i32 {
  const top = load<i32>(heap);
  exchange(0, --waiting);
  let place = 0;
  while (2 * place + 1 < waiting) {
    let child = 2 * place + 1;
    if (child + 1 < waiting && isBefore(child + 1, child)) child++;
    if (!isBefore(child, place)) break;
    exchange(child, place);
    place = child;
  }
  return top;
}

/** Splits the waiting nodes, the best first, until the budget is used; then the tree is written from the next step on. */
function growBest(budget: i32): void {
  let left = budget;
  if (!rootSearched) {
    rootSearched = true;
    left -= load<i32>(table, 4) + 16;
    searchBest(0);
  }
  while (left > 0 && waiting > 0 && leaves < mostLeaves) {
    const node = bestNode(popBest());
    const start = load<i32>(node);
    const count = load<i32>(node, 4);
    const depth = load<i32>(node, 8) + 1;
    const key = load<u64>(node, 16);
    left -= count + 32;
    const lefts = partition(start, count, load<i32>(node, 32), load<i32>(node, 36), load<i32>(node, 40));
    lose(load<f64>(node, 24));
    store<i32>(node, nodes, 12);
    addNode(start, lefts, depth, randomKey(key, 0xfffffffe));
    addNode(start + lefts, count - lefts, depth, randomKey(key, 0xffffffff));
    if (++leaves == mostLeaves) continue;
    searchBest(nodes - 2);
    searchBest(nodes - 1);
  }
  if (waiting == 0 || leaves == mostLeaves) startWriting();
}

function startWriting(): void {
  writing = true;
  open = 1;
  store<i32>(path, 0);
}

/** Writes nodes, a left child's before its sibling's; one counts 16 rows. */
function writeBest(from: usize, end: usize, budget: i32): usize {
  let at = from;
  for (let left = budget; open > 0 && left > 0 && at <= end; left -= 16) {
    const node = bestNode(load<i32>(path + (--open << 2)));
    const child = load<i32>(node, 12);
    if (child == 0) {
      sumNode(load<i32>(node), load<i32>(node, 4));
      at = writeLeaf(at);
      continue;
    }
    at = writeSplit(at, load<i32>(node, 32), load<i32>(node, 36), load<i32>(node, 40));
    store<i32>(path + (open++ << 2), child + 1);
    store<i32>(path + (open++ << 2), child);
  }
  return at;
}
