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

// A split of a small tree is 8 bytes: u32 where its column begins in `columns`; u8 each: highest bin that goes left, once the
// third is added (1 where missing goes left, else 0); which leaf it splits; the bits in which the new leaf's number, which
// the rows to the right get, differs from it. Leaves are numbered from the root, 0, in the order in which they were made.

// @ts-ignore: decorator
@inline
function movedTo(leaf: v128, own: v128, bins: usize, cut: v128, missing: v128, moves: v128): v128 {
  const stays = i8x16.le_u(i8x16.add(v128.load(bins), missing), cut);
  return v128.xor(leaf, v128.and(moves, v128.andnot(i8x16.eq(leaf, own), stays)));
}

/**
 * What {@link addKnownTree} does, for at most 256 leaves and as many rows of [first, last) as make whole blocks of 64: all of
 * them go through all splits, a byte of a lane each. columns: [width, rows] bins; values: f64 by leaf; scratch: 64 bytes.
 * Returns the row after them.
 */
export function addSmallTree(splits: usize, count: i32, values: usize, scratch: usize, columns: usize, raw: usize, outputs: i32, output: i32, first: i32, last: i32): i32 {
  const end = splits + (<usize>count << 3);
  const step = <usize>outputs << 3;
  let place = raw + ((<usize>first * outputs + output) << 3);
  let at = first;
  for (; at + 64 <= last; at += 64) {
    let a = i8x16.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let split = splits; split < end; split += 8) {
      const bins = columns + <usize>load<u32>(split) + <usize>at;
      const cut = v128.load8_splat(split, 4);
      const missing = v128.load8_splat(split, 5);
      const own = v128.load8_splat(split, 6);
      const moves = v128.load8_splat(split, 7);
      a = movedTo(a, own, bins, cut, missing, moves);
      b = movedTo(b, own, bins + 16, cut, missing, moves);
      c = movedTo(c, own, bins + 32, cut, missing, moves);
      d = movedTo(d, own, bins + 48, cut, missing, moves);
    }
    v128.store(scratch, a);
    v128.store(scratch, b, 16);
    v128.store(scratch, c, 32);
    v128.store(scratch, d, 48);
    for (let leaf = scratch, stop = scratch + 64; leaf < stop; leaf += 4) {
      addValue(place, values + (<usize>load<u8>(leaf) << 3));
      addValue(place + step, values + (<usize>load<u8>(leaf, 1) << 3));
      addValue(place + 2 * step, values + (<usize>load<u8>(leaf, 2) << 3));
      addValue(place + 3 * step, values + (<usize>load<u8>(leaf, 3) << 3));
      place += 4 * step;
    }
  }
  return at;
}
