import { exp } from '../math';

// A node is 16 bytes: f64 threshold, or a leaf's value or the place of its values; u32 column, bit 31 set where missing
// goes left, all bits set for a leaf; u32 right child. The left child is the next node.

const LEAF: u32 = 0xffffffff;

// Where the four ways of `findLeaves` ended.
let leafA: usize = 0;
let leafB: usize = 0;
let leafC: usize = 0;
let leafD: usize = 0;

/** The child to which a row goes on; a leaf leads to itself. Without branches, which no processor could foretell. */
// @ts-ignore: decorator
@inline
function childOf(nodes: usize, node: usize, row: usize): usize {
  const word = load<u32>(node, 8);
  const splits = <usize>(word == LEAF) - 1;
  const value = load<f64>(row + ((<usize>word & splits & 0x7fffffff) << 3));
  const left = <usize>(value <= load<f64>(node)) | (<usize>(value != value) & <usize>(word >> 31));
  const right = nodes + (<usize>load<u32>(node, 12) << 4);
  const child = right ^ ((right ^ (node + 16)) & (0 - left));
  return node ^ ((node ^ child) & splits);
}

// @ts-ignore: decorator
@inline
function leafOf(nodes: usize, root: usize, row: usize): usize {
  let node = root;
  for (let next = childOf(nodes, node, row); next != node; next = childOf(nodes, node, row)) node = next;
  return node;
}

/** The leaves of four rows, `step` bytes apart: each way waits for its own loads. */
// @ts-ignore: decorator
@inline
function findLeaves(nodes: usize, root: usize, row: usize, step: usize): void {
  let a = root;
  let b = root;
  let c = root;
  let d = root;
  for (;;) {
    const e = childOf(nodes, a, row);
    const f = childOf(nodes, b, row + step);
    const g = childOf(nodes, c, row + 2 * step);
    const h = childOf(nodes, d, row + 3 * step);
    if (((e ^ a) | (f ^ b) | (g ^ c) | (h ^ d)) == 0) break;
    a = e;
    b = f;
    c = g;
    d = h;
  }
  leafA = a;
  leafB = b;
  leafC = c;
  leafD = d;
}

// @ts-ignore: decorator
@inline
function addValue(place: usize, leaf: usize): void {
  store<f64>(place, load<f64>(place) + load<f64>(leaf));
}

/** out[row, output] += value of the leaf, for each row of a design and the tree whose root is given. */
export function addTree(nodes: usize, root: i32, design: usize, width: i32, rows: i32, out: usize, outputs: i32, output: i32): void {
  const first = nodes + (<usize>root << 4);
  const step = <usize>width << 3;
  const next = <usize>outputs << 3;
  let row = design;
  let place = out + (<usize>output << 3);
  let left = rows;
  for (; left >= 4; left -= 4) {
    findLeaves(nodes, first, row, step);
    addValue(place, leafA);
    addValue(place + next, leafB);
    addValue(place + 2 * next, leafC);
    addValue(place + 3 * next, leafD);
    row += 4 * step;
    place += 4 * next;
  }
  for (; left > 0; left--) {
    addValue(place, leafOf(nodes, first, row));
    row += step;
    place += next;
  }
}

// @ts-ignore: decorator
@inline
function addValues(place: usize, values: usize, leaf: usize, outputs: i32): void {
  const own = values + ((<usize>load<f64>(leaf) * outputs) << 3);
  for (let c: usize = 0; c < <usize>outputs << 3; c += 8) addValue(place + c, own + c);
}

/** The same for leaves of several values: out[row, c] += values[leaf, c]. */
export function addTreeValues(nodes: usize, root: i32, values: usize, design: usize, width: i32, rows: i32, out: usize, outputs: i32): void {
  const first = nodes + (<usize>root << 4);
  const step = <usize>width << 3;
  const next = <usize>outputs << 3;
  let row = design;
  let place = out;
  let left = rows;
  for (; left >= 4; left -= 4) {
    findLeaves(nodes, first, row, step);
    addValues(place, values, leafA, outputs);
    addValues(place + next, values, leafB, outputs);
    addValues(place + 2 * next, values, leafC, outputs);
    addValues(place + 3 * next, values, leafD, outputs);
    row += 4 * step;
    place += 4 * next;
  }
  for (; left > 0; left--) {
    addValues(place, values, leafOf(nodes, first, row), outputs);
    row += step;
    place += next;
  }
}

/** Chances [rows, 2] of raw scores [rows]. */
export function logisticLink(raw: usize, out: usize, rows: i32): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const margin = load<f64>(raw + (row << 3));
    const e = exp(-abs(margin));
    const big = 1.0 / (1.0 + e);
    const small = e * big;
    store<f64>(out + (row << 4), margin >= 0 ? small : big);
    store<f64>(out + (row << 4), margin >= 0 ? big : small, 8);
  }
}

/** Chances [rows, classes] in place of raw scores. */
export function softmaxLink(raw: usize, classes: i32, rows: i32): void {
  const bytes = <usize>classes << 3;
  for (let line = raw, end = raw + <usize>rows * bytes; line < end; line += bytes) {
    let most = load<f64>(line);
    for (let c: usize = 8; c < bytes; c += 8) most = load<f64>(line + c) > most ? load<f64>(line + c) : most;
    let sum: f64 = 0;
    for (let c: usize = 0; c < bytes; c += 8) {
      const e = exp(load<f64>(line + c) - most);
      store<f64>(line + c, e);
      sum += e;
    }
    for (let c: usize = 0; c < bytes; c += 8) store<f64>(line + c, load<f64>(line + c) / sum);
  }
}

/** Sums divided by how many trees there are. outputs: 1, or classes of a leaf with a value for each; pairs: 1 makes [1 - p, p] of one value p. */
export function meanLink(sums: usize, out: usize, rows: i32, outputs: i32, trees: f64, pairs: i32): void {
  for (let at: usize = 0; at < (<usize>rows * outputs) << 3; at += 8) {
    const mean = load<f64>(sums + at) / trees;
    if (!pairs) {
      store<f64>(out + at, mean);
      continue;
    }
    store<f64>(out + (at << 1), 1.0 - mean);
    store<f64>(out + (at << 1), mean, 8);
  }
}
