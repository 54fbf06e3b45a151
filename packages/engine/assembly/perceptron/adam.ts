import { randomKey } from '../random';

/** a[i] += b[i], f32. */
export function addFloats(a: usize, b: usize, count: i32): void {
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 16) v128.store(a + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
}

/**
 * A step of Adam in f32 for `count` parameters (a multiple of 4), the gradient being (a + b + alpha w) / rows:
 * m = beta1 m + (1 - beta1) g, v = beta2 v + ((1 - beta2) g) g, w -= (rate m) / (sqrt(v) + epsilon).
 * `rate` has the corrections of the start in it. Source: Kingma and Ba, "Adam", ICLR 2015, section 2, last lines.
 */
export function adamStep(
  w: usize, m: usize, v: usize, a: usize, b: usize, count: i32, alpha: f32, share: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, rate: f32, epsilon: f32,
): void {
  const alphas = f32x4.splat(alpha);
  const shares = f32x4.splat(share);
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 16) {
    const weight = v128.load(w + at);
    const g = f32x4.mul(f32x4.add(f32x4.add(v128.load(a + at), v128.load(b + at)), f32x4.mul(alphas, weight)), shares);
    const first = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(m + at)), f32x4.mul(f32x4.splat(rest1), g));
    const second = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(v + at)), f32x4.mul(f32x4.mul(f32x4.splat(rest2), g), g));
    v128.store(m + at, first);
    v128.store(v + at, second);
    const way = f32x4.div(f32x4.mul(f32x4.splat(rate), first), f32x4.add(f32x4.sqrt(second), f32x4.splat(epsilon)));
    v128.store(w + at, f32x4.sub(weight, way));
  }
}

/** The sum of the squares of `count` f32 values, in f64, from the first to the last. */
export function sumSquares(values: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 4) {
    const value = <f64>load<f32>(values + at);
    sum += value * value;
  }
  return sum;
}

/** out[r][c] = numbers `first` and on of a stream, uniform in [-bound, bound), rounded to f32; rows are `lanes` apart. */
export function fillUniform(out: usize, rows: i32, columns: i32, lanes: i32, bound: f64, seedHigh: u32, seedLow: u32, first: i32): void {
  const seed = (<u64>seedHigh << 32) | <u64>seedLow;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const uniform = <f64>(randomKey(seed, <u64>first + <u64>row * columns + <u64>column) >> 11) * 1.1102230246251565e-16;
      store<f32>(out + ((<usize>row * lanes + column) << 2), <f32>((2.0 * uniform - 1.0) * bound));
    }
  }
}

/**
 * order = the numbers from 0 to count - 1, shuffled: from the last place down, place i changes with place
 * floor((i + 1) key(i) / 2^32), the key's upper half taken. Source: Durstenfeld, CACM 7 (1964), algorithm 235.
 */
export function shuffleRows(order: usize, count: i32, seedHigh: u32, seedLow: u32): void {
  const seed = (<u64>seedHigh << 32) | <u64>seedLow;
  for (let i = 0; i < count; i++) store<i32>(order + (<usize>i << 2), i);
  for (let i = count - 1; i > 0; i--) {
    const other = <usize>(((randomKey(seed, <u64>i) >> 32) * <u64>(i + 1)) >> 32);
    const at = order + (<usize>i << 2);
    const value = load<i32>(at);
    store<i32>(at, load<i32>(order + (other << 2)));
    store<i32>(order + (other << 2), value);
  }
}
