// Lanes are independent sums: each keeps the order of the plain loop, so the bits are those of
// the plain loop. Four terms a turn save loads and stores, and are added in the same order too.

/** target[j] += a * source[j] */
// @ts-ignore: decorator
@inline
export function addScaled(target: usize, a: f64, source: usize, count: i32): void {
  const lanes = f64x2.splat(a);
  const pairs = <usize>(count & ~1) << 3;
  let j: usize = 0;
  for (; j < pairs; j += 16) {
    v128.store(target + j, f64x2.add(v128.load(target + j), f64x2.mul(lanes, v128.load(source + j))));
  }
  if (count & 1) store<f64>(target + j, load<f64>(target + j) + a * load<f64>(source + j));
}

/** target[j] = (((target[j] + a0 * s0[j]) + a1 * s1[j]) + a2 * s2[j]) + a3 * s3[j] */
// @ts-ignore: decorator
@inline
export function addScaled4(
  target: usize, a0: f64, a1: f64, a2: f64, a3: f64, s0: usize, s1: usize, s2: usize, s3: usize, count: i32,
): void {
  const l0 = f64x2.splat(a0);
  const l1 = f64x2.splat(a1);
  const l2 = f64x2.splat(a2);
  const l3 = f64x2.splat(a3);
  const pairs = <usize>(count & ~1) << 3;
  let j: usize = 0;
  for (; j < pairs; j += 16) {
    let sum = f64x2.add(v128.load(target + j), f64x2.mul(l0, v128.load(s0 + j)));
    sum = f64x2.add(sum, f64x2.mul(l1, v128.load(s1 + j)));
    sum = f64x2.add(sum, f64x2.mul(l2, v128.load(s2 + j)));
    v128.store(target + j, f64x2.add(sum, f64x2.mul(l3, v128.load(s3 + j))));
  }
  if (count & 1) {
    let sum = load<f64>(target + j) + a0 * load<f64>(s0 + j);
    sum = sum + a1 * load<f64>(s1 + j);
    sum = sum + a2 * load<f64>(s2 + j);
    store<f64>(target + j, sum + a3 * load<f64>(s3 + j));
  }
}

/** Sum of a[i] * b[i], from the first to the last. */
export function dot(a: usize, b: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0, end = <usize>count << 3; i < end; i += 8) sum += load<f64>(a + i) * load<f64>(b + i);
  return sum;
}

/** The largest |a[i]|. */
export function largest(a: usize, count: i32): f64 {
  let most: f64 = 0;
  for (let i: usize = 0, end = <usize>count << 3; i < end; i += 8) {
    const size = abs(load<f64>(a + i));
    if (size > most) most = size;
  }
  return most;
}

/** values[i] = 0 */
export function clear(values: usize, count: i32): void {
  memory.fill(values, 0, <usize>count << 3);
}

/** out[i] += sums[0][i], then sums[1][i], ... to the last of `parts` sums that lie `stride` bytes apart. */
export function addParts(out: usize, sums: usize, parts: i32, stride: i32, count: i32): void {
  for (let part = 0; part < parts; part++) addScaled(out, 1.0, sums + <usize>part * <usize>stride, count);
}

/** out = every `stride`th of some rows of `line` numbers, `rows` of them. */
export function takeRows(from: usize, line: i32, stride: i32, rows: i32, out: usize): void {
  const bytes = <usize>line << 3;
  const step = bytes * <usize>stride;
  for (let row = 0; row < rows; row++) memory.copy(out + <usize>row * bytes, from + <usize>row * step, bytes);
}
