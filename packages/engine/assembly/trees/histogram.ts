// A histogram has 256 places for each column, each of two i64: the sum of gradients, and `weight`: how many rows in the
// upper bits (from `shift` on), the sum of second derivatives below. All are integers: any order of adding is the same.

/** Bytes of one column. */
const LINE: usize = 4096;

// @ts-ignore: decorator
@inline
function addTo(place: usize, value: v128): void {
  v128.store(place, i64x2.add(v128.load(place), value));
}

/**
 * Adds the rows [first, last) of a node (as far as it has them) to a histogram, which is cleared when `first` is 0.
 * gradients: [rows, 2] i32; bins: [rows, stride], stride a multiple of 4; ranges: start and count of each node in `order`.
 */
export function buildHistogram(bins: usize, stride: i32, order: usize, gradients: usize, ranges: usize, node: i32, histogram: usize, shift: i32, first: i32, last: i32): void {
  if (first == 0) memory.fill(histogram, 0, <usize>stride * LINE);
  const range = ranges + (<usize>node << 3);
  const start = load<i32>(range);
  const count = load<i32>(range, 4);
  const unit = i64x2.replace_lane(i64x2.splat(0), 1, <i64>1 << <i64>shift);
  const end = order + (<usize>(start + min(last, count)) << 2);
  for (let at = order + (<usize>(start + first) << 2); at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const value = i64x2.add(unit, i64x2.extend_low_i32x4_s(v128.load64_zero(gradients + (row << 3))));
    let own = bins + row * stride;
    const stop = own + stride;
    let line = histogram;
    while (own < stop) {
      const four = <usize>load<u32>(own);
      addTo(line + ((four & 255) << 4), value);
      addTo(line + ((four >> 4) & 0xff0) + LINE, value);
      addTo(line + ((four >> 12) & 0xff0) + LINE * 2, value);
      addTo(line + ((four >> 20) & 0xff0) + LINE * 3, value);
      own += 4;
      line += LINE * 4;
    }
  }
}

/** into += from, i64 by i64. */
export function addHistogram(into: usize, from: usize, bytes: i32): void {
  for (let at: usize = 0; at < <usize>bytes; at += 16) v128.store(into + at, i64x2.add(v128.load(into + at), v128.load(from + at)));
}

/** into = from. */
export function copyHistogram(into: usize, from: usize, bytes: i32): void {
  memory.copy(into, from, bytes);
}

/** whole -= part, i64 by i64: what is left is the other child's. */
export function subtractHistogram(whole: usize, part: usize, bytes: i32): void {
  for (let at: usize = 0; at < <usize>bytes; at += 16) v128.store(whole + at, i64x2.sub(v128.load(whole + at), v128.load(part + at)));
}
