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
