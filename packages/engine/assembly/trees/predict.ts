import { exp } from '../math';

// A node is 16 bytes: f64 threshold, or a leaf's value or the place of its values; u32 column, bit 31 set where missing
// goes left, all bits set for a leaf; u32 right child. The left child is the next node.

const LEAF: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline
function leafOf(nodes: usize, root: i32, row: usize): usize {
  let node = nodes + (<usize>root << 4);
  let column = load<u32>(node, 8);
  while (column != LEAF) {
    const value = load<f64>(row + (<usize>(column & 0x7fffffff) << 3));
    const left = value == value ? value <= load<f64>(node) : column >> 31 != 0;
    node = left ? node + 16 : nodes + (<usize>load<u32>(node, 12) << 4);
    column = load<u32>(node, 8);
  }
  return node;
}

/** out[row, output] += value of the leaf, for each row of a design and the tree whose root is given. */
export function addTree(nodes: usize, root: i32, design: usize, width: i32, rows: i32, out: usize, outputs: i32, output: i32): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const place = out + ((row * outputs + output) << 3);
    store<f64>(place, load<f64>(place) + load<f64>(leafOf(nodes, root, design + ((row * width) << 3))));
  }
}

/** The same for leaves of several values: out[row, c] += values[leaf, c]. */
export function addTreeValues(nodes: usize, root: i32, values: usize, design: usize, width: i32, rows: i32, out: usize, outputs: i32): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const own = values + ((<usize>load<f64>(leafOf(nodes, root, design + ((row * width) << 3))) * outputs) << 3);
    const place = out + ((row * outputs) << 3);
    for (let c: usize = 0; c < <usize>outputs << 3; c += 8) store<f64>(place + c, load<f64>(place + c) + load<f64>(own + c));
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
