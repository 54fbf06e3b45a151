import { squaredDistance } from './kmeans';

// Greedy k-means++. closest: the squared distance of each row to the nearest centre so far.
// Source: Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, section 5.

/** Takes in one more centre for the rows [first, last): closest = the lesser distance, or this one where it is the first; sum[0] += closest. */
export function seedRows(design: usize, width: i32, centre: usize, isFirst: i32, closest: usize, sum: usize, first: i32, last: i32): void {
  const line = <usize>width << 3;
  let total = load<f64>(sum);
  let row = first;
  // Four rows a turn, each in its own lane.
  for (; row + 4 <= last; row += 4) {
    let x = design + <usize>row * line;
    let a = f64x2.splat(0);
    let b = a;
    for (let at = centre, end = centre + line; at < end; at += 8) {
      const value = v128.load64_splat(at);
      const da = f64x2.sub(v128.load64_lane(x + line, v128.load64_zero(x), 1), value);
      const db = f64x2.sub(v128.load64_lane(x + 3 * line, v128.load64_zero(x + 2 * line), 1), value);
      a = f64x2.add(a, f64x2.mul(da, da));
      b = f64x2.add(b, f64x2.mul(db, db));
      x += 8;
    }
    const out = closest + (<usize>row << 3);
    if (!isFirst) {
      a = f64x2.pmin(v128.load(out), a);
      b = f64x2.pmin(v128.load(out, 16), b);
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    total += f64x2.extract_lane(a, 0);
    total += f64x2.extract_lane(a, 1);
    total += f64x2.extract_lane(b, 0);
    total += f64x2.extract_lane(b, 1);
  }
  for (; row < last; row++) {
    const way = squaredDistance(design + <usize>row * line, centre, width);
    const at = closest + (<usize>row << 3);
    const least = isFirst || way < load<f64>(at) ? way : load<f64>(at);
    store<f64>(at, least);
    total += least;
  }
  store<f64>(sum, total);
}

/** sums[t] += what `seedRows` would add for candidate t; candidates by column, [width, lanes], lanes a multiple of 4. */
export function trialRows(design: usize, width: i32, columns: usize, lanes: i32, closest: usize, sums: usize, first: i32, last: i32): void {
  const line = <usize>lanes << 3;
  for (let group: usize = 0; group < line; group += 32) {
    let sumA = v128.load(sums + group);
    let sumB = v128.load(sums + group, 16);
    for (let row = first; row < last; row++) {
      const x = design + ((<usize>row * width) << 3);
      const end = x + (<usize>width << 3);
      let a = f64x2.splat(0);
      let b = a;
      let at = columns + group;
      for (let column = x; column < end; column += 8) {
        const value = v128.load64_splat(column);
        const da = f64x2.sub(value, v128.load(at));
        const db = f64x2.sub(value, v128.load(at, 16));
        a = f64x2.add(a, f64x2.mul(da, da));
        b = f64x2.add(b, f64x2.mul(db, db));
        at += line;
      }
      const least = v128.load64_splat(closest + (<usize>row << 3));
      sumA = f64x2.add(sumA, f64x2.pmin(least, a));
      sumB = f64x2.add(sumB, f64x2.pmin(least, b));
    }
    v128.store(sums + group, sumA);
    v128.store(sums + group, sumB, 16);
  }
}

/** The first row in [first, last) up to which closest adds up to more than `rest`; the last one if none does. */
export function findSeed(closest: usize, rest: f64, first: i32, last: i32): i32 {
  let total: f64 = 0;
  for (let row = first; row < last; row++) {
    total += load<f64>(closest + (<usize>row << 3));
    if (total > rest) return row;
  }
  return last - 1;
}
