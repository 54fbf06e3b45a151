// Squared distances from a row to centres, each summed from the first column to the last, one centre a lane.
// columns: centres by column, [width, padded]; padded is a multiple of 4, and what is beyond the last centre is
// Infinity. A distance is never NaN where rows and centres are finite, and never -0.

/** Of the row and centres looked at last: the squared distance of the nearest one, its index, and the next distance. */
export let nearest: f64 = 0;
export let nearestIndex: i32 = 0;
export let secondNearest: f64 = 0;

// @ts-ignore: decorator
@inline
function smaller(a: v128, b: v128): v128 {
  return f64x2.pmin(a, b);
}

// @ts-ignore: decorator
@inline
function greater(a: v128, b: v128): v128 {
  return f64x2.pmax(a, b);
}

/** Takes in a group's lowest and second lowest lanes; `mask` has the bit of each lane that may be the lowest. */
// @ts-ignore: decorator
@inline
function takeIn(low: v128, high: v128, group: i32, mask: i32): void {
  const lowest = f64x2.extract_lane(low, 0);
  const next = f64x2.extract_lane(high, 0);
  if (lowest < nearest) {
    secondNearest = next < nearest ? next : nearest;
    nearest = lowest;
    nearestIndex = group + ctz(mask);
  } else if (lowest < secondNearest) secondNearest = lowest;
}

/** Looks at all centres. Of equal distances the lower index is the nearest. */
// @ts-ignore: decorator
@inline
export function findNearest(x: usize, width: i32, columns: usize, padded: i32): void {
  nearest = Infinity;
  secondNearest = Infinity;
  nearestIndex = 0;
  const line = <usize>padded << 3;
  const end = x + (<usize>width << 3);
  let group = 0;
  for (; group + 8 <= padded; group += 8) {
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let at = columns + (<usize>group << 3);
    for (let column = x; column < end; column += 8) {
      const value = v128.load64_splat(column);
      const da = f64x2.sub(value, v128.load(at));
      const db = f64x2.sub(value, v128.load(at, 16));
      const dc = f64x2.sub(value, v128.load(at, 32));
      const dd = f64x2.sub(value, v128.load(at, 48));
      a = f64x2.add(a, f64x2.mul(da, da));
      b = f64x2.add(b, f64x2.mul(db, db));
      c = f64x2.add(c, f64x2.mul(dc, dc));
      d = f64x2.add(d, f64x2.mul(dd, dd));
      at += line;
    }
    const lowAb = smaller(a, b);
    const lowCd = smaller(c, d);
    let low = smaller(lowAb, lowCd);
    let high = smaller(greater(lowAb, lowCd), smaller(greater(a, b), greater(c, d)));
    const other = v128.shuffle<f64>(low, low, 1, 0);
    high = smaller(greater(low, other), smaller(high, v128.shuffle<f64>(high, high, 1, 0)));
    low = smaller(low, other);
    const mask = i64x2.bitmask(f64x2.eq(a, low)) | (i64x2.bitmask(f64x2.eq(b, low)) << 2) | (i64x2.bitmask(f64x2.eq(c, low)) << 4) | (i64x2.bitmask(f64x2.eq(d, low)) << 6);
    takeIn(low, high, group, mask);
  }
  if (group < padded) {
    let a = f64x2.splat(0);
    let b = a;
    let at = columns + (<usize>group << 3);
    for (let column = x; column < end; column += 8) {
      const value = v128.load64_splat(column);
      const da = f64x2.sub(value, v128.load(at));
      const db = f64x2.sub(value, v128.load(at, 16));
      a = f64x2.add(a, f64x2.mul(da, da));
      b = f64x2.add(b, f64x2.mul(db, db));
      at += line;
    }
    let low = smaller(a, b);
    let high = greater(a, b);
    const other = v128.shuffle<f64>(low, low, 1, 0);
    high = smaller(greater(low, other), smaller(high, v128.shuffle<f64>(high, high, 1, 0)));
    low = smaller(low, other);
    takeIn(low, high, group, i64x2.bitmask(f64x2.eq(a, low)) | (i64x2.bitmask(f64x2.eq(b, low)) << 2));
  }
}

/**
 * The index of the nearest centre of each row in [first, last), as f64. Returns the first row whose distance to all of
 * them is not finite, or -1.
 */
export function nearestRows(design: usize, width: i32, columns: usize, padded: i32, out: usize, first: i32, last: i32): i32 {
  for (let row = first; row < last; row++) {
    findNearest(design + ((<usize>row * width) << 3), width, columns, padded);
    if (!(nearest < Infinity)) return row;
    store<f64>(out + (<usize>row << 3), <f64>nearestIndex);
  }
  return -1;
}
