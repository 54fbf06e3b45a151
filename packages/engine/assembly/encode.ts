// Columns of a block of rows become rows of the design: numbers scaled, missing ones filled in.

/** (x - mean) / deviation, with `fill` for NaN. */
// @ts-ignore: decorator
@inline
function scale(x: v128, fill: v128, mean: v128, deviation: v128): v128 {
  return f64x2.div(f64x2.sub(filled(x, fill), mean), deviation);
}

/** x, with `fill` for NaN: what {@link scale} gives with the mean 0 and the deviation 1, to the bit. */
// @ts-ignore: decorator
@inline
function filled(x: v128, fill: v128): v128 {
  return v128.bitselect(x, fill, f64x2.eq(x, x));
}

/** The larger of two lanes each; NaN in `x` counts as nothing. */
// @ts-ignore: decorator
@inline
function furthest(most: v128, x: v128): v128 {
  return f64x2.pmax(most, f64x2.abs(x));
}

/**
 * Writes four columns, [4][height] at `block`, into the first `rows` rows at `out`, which lie `step` bytes apart. height: even.
 * fitted: [4][3], of each column the fill, the mean and the deviation. Returns the largest distance from 0 that was written.
 */
export function encodeFour(block: usize, height: i32, fitted: usize, out: usize, step: usize, rows: i32): f64 {
  // A division costs as much as all else here.
  for (let own = fitted; own < fitted + 96; own += 24) {
    if (load<f64>(own, 8) != 0 || load<f64>(own, 16) != 1) return scaleFour(block, height, fitted, out, step, rows);
  }
  const size = <usize>height << 3;
  const f0 = v128.load64_splat(fitted);
  const f1 = v128.load64_splat(fitted, 24);
  const f2 = v128.load64_splat(fitted, 48);
  const f3 = v128.load64_splat(fitted, 72);
  let most = f64x2.splat(0);
  let from = block;
  let to = out;
  for (let left = rows; left > 0; left -= 2) {
    const a = filled(v128.load(from), f0);
    const b = filled(v128.load(from + size), f1);
    const c = filled(v128.load(from + 2 * size), f2);
    const d = filled(v128.load(from + 3 * size), f3);
    most = furthest(furthest(furthest(furthest(most, a), b), c), d);
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to, v128.shuffle<f64>(c, d, 0, 2), 16);
    if (left > 1) {
      v128.store(to + step, v128.shuffle<f64>(a, b, 1, 3));
      v128.store(to + step, v128.shuffle<f64>(c, d, 1, 3), 16);
    }
    from += 16;
    to += 2 * step;
  }
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

function scaleFour(block: usize, height: i32, fitted: usize, out: usize, step: usize, rows: i32): f64 {
  const size = <usize>height << 3;
  const f0 = v128.load64_splat(fitted);
  const m0 = v128.load64_splat(fitted, 8);
  const d0 = v128.load64_splat(fitted, 16);
  const f1 = v128.load64_splat(fitted, 24);
  const m1 = v128.load64_splat(fitted, 32);
  const d1 = v128.load64_splat(fitted, 40);
  const f2 = v128.load64_splat(fitted, 48);
  const m2 = v128.load64_splat(fitted, 56);
  const d2 = v128.load64_splat(fitted, 64);
  const f3 = v128.load64_splat(fitted, 72);
  const m3 = v128.load64_splat(fitted, 80);
  const d3 = v128.load64_splat(fitted, 88);
  let most = f64x2.splat(0);
  let from = block;
  let to = out;
  for (let left = rows; left > 0; left -= 2) {
    const a = scale(v128.load(from), f0, m0, d0);
    const b = scale(v128.load(from + size), f1, m1, d1);
    const c = scale(v128.load(from + 2 * size), f2, m2, d2);
    const d = scale(v128.load(from + 3 * size), f3, m3, d3);
    most = furthest(furthest(furthest(furthest(most, a), b), c), d);
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to, v128.shuffle<f64>(c, d, 0, 2), 16);
    if (left > 1) {
      v128.store(to + step, v128.shuffle<f64>(a, b, 1, 3));
      v128.store(to + step, v128.shuffle<f64>(c, d, 1, 3), 16);
    }
    from += 16;
    to += 2 * step;
  }
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/** {@link encodeFour} for one column, [rows] at `block`. */
export function encodeOne(block: usize, fitted: usize, out: usize, step: usize, rows: i32): f64 {
  const fill = load<f64>(fitted);
  const mean = load<f64>(fitted, 8);
  const deviation = load<f64>(fitted, 16);
  let most: f64 = 0;
  let to = out;
  for (let from = block, end = block + (<usize>rows << 3); from < end; from += 8) {
    const x = load<f64>(from);
    const scaled = ((x == x ? x : fill) - mean) / deviation;
    if (abs(scaled) > most) most = abs(scaled);
    store<f64>(to, scaled);
    to += step;
  }
  return most;
}
