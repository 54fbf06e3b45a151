// order: row numbers, those of a node lying together; ranges: start and count (i32) of each node's rows.

/** All rows in the root's range, as `base` orders them: those that learn first, then those that are held out (root of `heldRanges`). */
export function startTree(base: usize, order: usize, ranges: usize, heldRanges: usize, fitRows: i32, rows: i32): void {
  memory.copy(order, base, <usize>rows << 2);
  store<i32>(ranges, 0);
  store<i32>(ranges, fitRows, 4);
  store<i32>(heldRanges, fitRows);
  store<i32>(heldRanges, rows - fitRows, 4);
}

/** Splits a node's rows, keeping their order: bins up to `bin` go left, missing ones (255) where `missingLeft` says. */
export function partitionRows(columns: usize, rows: i32, order: usize, scratch: usize, ranges: usize, node: i32, left: i32, feature: i32, bin: i32, missingLeft: i32): void {
  const column = columns + <usize>feature * <usize>rows;
  const range = ranges + (<usize>node << 3);
  const start = load<i32>(range);
  const count = load<i32>(range, 4);
  const most = <u32>(bin + missingLeft);
  const first = order + (<usize>start << 2);
  const end = first + (<usize>count << 2);
  let lefts = first;
  let rights = scratch;
  for (let at = first; at < end; at += 4) {
    const row = load<u32>(at);
    // Missing is 255, and 0 once 1 is added in 8 bits.
    const goes = <usize>(((<u32>load<u8>(column + <usize>row) + <u32>missingLeft) & 255) <= most) << 2;
    store<u32>(lefts, row);
    store<u32>(rights, row);
    lefts += goes;
    rights += 4 - goes;
  }
  memory.copy(lefts, scratch, rights - scratch);
  const leftRange = ranges + (<usize>left << 3);
  const leftCount = <i32>((lefts - first) >> 2);
  store<i32>(leftRange, start);
  store<i32>(leftRange, leftCount, 4);
  store<i32>(leftRange, start + leftCount, 8);
  store<i32>(leftRange, count - leftCount, 12);
}

/** raw[row, output] += value, for a node's rows. */
export function addLeaf(raw: usize, outputs: i32, output: i32, order: usize, ranges: usize, node: i32, value: f64): void {
  const range = ranges + (<usize>node << 3);
  const first = order + (<usize>load<i32>(range) << 2);
  const end = first + (<usize>load<i32>(range, 4) << 2);
  for (let at = first; at < end; at += 4) {
    const place = raw + ((<usize>load<u32>(at) * outputs + output) << 3);
    store<f64>(place, load<f64>(place) + value);
  }
}

// A node of a known tree is 16 bytes: u32 column; u32 highest bin that goes left, once 1 is added where missing goes left;
// u32 1 where it does; u32 bytes from the first node to the left child, the right one following. A leaf leads to itself.

// @ts-ignore: decorator
@inline
function childOf(nodes: usize, node: usize, row: usize): usize {
  const bin = (<u32>load<u8>(row + <usize>load<u32>(node)) + load<u32>(node, 8)) & 255;
  return nodes + <usize>load<u32>(node, 12) + (<usize>(bin > load<u32>(node, 4)) << 4);
}

/** raw[row, output] += value of the leaf that a row of bins comes to, for the rows [first, last). values: f64 by node. */
export function addKnownTree(nodes: usize, values: usize, rows: usize, stride: i32, raw: usize, outputs: i32, output: i32, first: i32, last: i32): void {
  const step = <usize>outputs << 3;
  let place = raw + ((<usize>first * outputs + output) << 3);
  let row = rows + <usize>first * stride;
  let at = first;
  // Four ways at a time: each waits for its own loads.
  for (; at + 4 <= last; at += 4) {
    let a = nodes;
    let b = nodes;
    let c = nodes;
    let d = nodes;
    for (;;) {
      const e = childOf(nodes, a, row);
      const f = childOf(nodes, b, row + stride);
      const g = childOf(nodes, c, row + 2 * stride);
      const h = childOf(nodes, d, row + 3 * stride);
      if (((e ^ a) | (f ^ b) | (g ^ c) | (h ^ d)) == 0) break;
      a = e;
      b = f;
      c = g;
      d = h;
    }
    addValue(place, values + ((a - nodes) >> 1));
    addValue(place + step, values + ((b - nodes) >> 1));
    addValue(place + 2 * step, values + ((c - nodes) >> 1));
    addValue(place + 3 * step, values + ((d - nodes) >> 1));
    place += 4 * step;
    row += 4 * stride;
  }
  for (; at < last; at++) {
    let node = nodes;
    for (let next = childOf(nodes, node, row); next != node; next = childOf(nodes, node, row)) node = next;
    addValue(place, values + ((node - nodes) >> 1));
    place += step;
    row += stride;
  }
}

// @ts-ignore: decorator
@inline
function addValue(place: usize, value: usize): void {
  store<f64>(place, load<f64>(place) + load<f64>(value));
}

// A split of a small tree is 8 bytes: u32 where its column begins in `columns`; u8 each: 128, and 1 more where missing goes
// left; the highest bin that goes left, plus the former, as a signed number; the leaf that it splits. Leaves are counted from
// the left, from -128 on: where one is split, those to the right of it move on by one, and so do its rows that go right.

// @ts-ignore: decorator
@inline
function countedOn(leaf: v128, bins: usize, shift: v128, cut: v128, own: v128): v128 {
  // Missing is 255, and the least number there is once 129 is added. What holds is -1.
  const right = i8x16.gt_s(i8x16.add(v128.load(bins), shift), cut);
  return i8x16.sub(leaf, i8x16.gt_s(i8x16.sub(leaf, right), own));
}

/** Rows of a block, and bytes that tell a tree: u32 where its splits begin, where they end, and where its leaves' values begin. */
const BLOCK: usize = 128;
const TREE: usize = 12;

// @ts-ignore: decorator
@inline
function valueAt(values: usize, leaf: usize): f64 {
  return load<f64>(values + (<usize>load<u8>(leaf) << 3));
}

/**
 * What {@link addKnownTree} does, for `count` trees of at most 256 leaves, one after the other: all rows go through all
 * splits, a byte of a lane each. Values are f64, from the left leaf to the right; scratch: 128 bytes a tree; columns:
 * [width, rows] bins, and behind them as many bytes as the last block reaches beyond them, which count for nothing.
 */
export function addSmallTrees(trees: usize, count: i32, scratch: usize, columns: usize, raw: usize, outputs: i32, output: i32, first: i32, last: i32): void {
  const step = <usize>outputs << 3;
  const least = i8x16.splat(-128);
  const stop = trees + <usize>count * TREE;
  let place = raw + ((<usize>first * outputs + output) << 3);
  for (let at = <usize>first; at < <usize>last; at += BLOCK) {
    let leaves = scratch;
    for (let tree = trees; tree < stop; tree += TREE) {
      let a = least;
      let b = a;
      let c = a;
      let d = a;
      let e = a;
      let f = a;
      let g = a;
      let h = a;
      for (let split = <usize>load<u32>(tree), end = <usize>load<u32>(tree, 4); split < end; split += 8) {
        const bins = columns + <usize>load<u32>(split) + at;
        const shift = v128.load8_splat(split, 4);
        const cut = v128.load8_splat(split, 5);
        const leaf = v128.load8_splat(split, 6);
        a = countedOn(a, bins, shift, cut, leaf);
        b = countedOn(b, bins + 16, shift, cut, leaf);
        c = countedOn(c, bins + 32, shift, cut, leaf);
        d = countedOn(d, bins + 48, shift, cut, leaf);
        e = countedOn(e, bins + 64, shift, cut, leaf);
        f = countedOn(f, bins + 80, shift, cut, leaf);
        g = countedOn(g, bins + 96, shift, cut, leaf);
        h = countedOn(h, bins + 112, shift, cut, leaf);
      }
      v128.store(leaves, v128.xor(a, least));
      v128.store(leaves, v128.xor(b, least), 16);
      v128.store(leaves, v128.xor(c, least), 32);
      v128.store(leaves, v128.xor(d, least), 48);
      v128.store(leaves, v128.xor(e, least), 64);
      v128.store(leaves, v128.xor(f, least), 80);
      v128.store(leaves, v128.xor(g, least), 96);
      v128.store(leaves, v128.xor(h, least), 112);
      leaves += BLOCK;
    }
    const rows = min<usize>(BLOCK, <usize>last - at);
    let row: usize = 0;
    // Four sums at a time: each waits for its own last addition.
    for (; row + 4 <= rows; row += 4) {
      const next = place + 2 * step;
      let p = load<f64>(place);
      let q = load<f64>(place + step);
      let r = load<f64>(next);
      let s = load<f64>(next + step);
      let own = scratch + row;
      for (let tree = trees; tree < stop; tree += TREE) {
        const values = <usize>load<u32>(tree, 8);
        p += valueAt(values, own);
        q += valueAt(values, own + 1);
        r += valueAt(values, own + 2);
        s += valueAt(values, own + 3);
        own += BLOCK;
      }
      store<f64>(place, p);
      store<f64>(place + step, q);
      store<f64>(next, r);
      store<f64>(next + step, s);
      place += 4 * step;
    }
    for (; row < rows; row++) {
      let sum = load<f64>(place);
      let own = scratch + row;
      for (let tree = trees; tree < stop; tree += TREE) {
        sum += valueAt(<usize>load<u32>(tree, 8), own);
        own += BLOCK;
      }
      store<f64>(place, sum);
      place += step;
    }
  }
}
