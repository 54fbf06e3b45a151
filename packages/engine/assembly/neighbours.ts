// The nearest rows to a query by a balanced k-d tree: node i has the children 2i + 1 and 2i + 2, the nodes from `leaves - 1`
// on are the leaves. boxes: for each node the least values of its rows, then the greatest. A leaf's rows lie by column,
// [width, lanes], lanes a multiple of 4; lanes without a row hold Infinity. Squared distances are summed from the first
// column to the last. Which rows are found does not depend on the tree. Source: Friedman, Bentley and Finkel, "An
// algorithm for finding best matches in logarithmic expected time", ACM TOMS 3 (1977).

/** A box counts as farther than the farthest neighbour only by more than rounding can make. */
const NARROWER: f64 = 0.999999999;
const TINY: f64 = 1e-290;

// The neighbours found so far in the order of (distance, row), and a stack of nodes with their boxes' distances.
let distances: usize = 0;
let rows: usize = 0;
let neighbours: i32 = 0;
let worst: f64 = 0;
let worstRow: i32 = 0;

/** A lower bound of the squared distance from x to any row of the box. */
// @ts-ignore: decorator
@inline
function boxDistance(x: usize, box: usize, width: i32): f64 {
  const zero = f64x2.splat(0);
  const high = box + (<usize>width << 3);
  const pairs = <usize>(width & ~1) << 3;
  let sum = zero;
  let j: usize = 0;
  for (; j < pairs; j += 16) {
    const value = v128.load(x + j);
    const out = f64x2.pmax(zero, f64x2.pmax(f64x2.sub(v128.load(box + j), value), f64x2.sub(value, v128.load(high + j))));
    sum = f64x2.add(sum, f64x2.mul(out, out));
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (width & 1) {
    const value = load<f64>(x + j);
    const below = load<f64>(box + j) - value;
    const above = value - load<f64>(high + j);
    const out = below > 0 ? below : above > 0 ? above : 0;
    total += out * out;
  }
  return total * NARROWER - TINY;
}

/** Puts a row in its place and drops the farthest one. */
function insert(distance: f64, row: i32): void {
  let at = neighbours - 1;
  while (at > 0) {
    const before = load<f64>(distances + (<usize>(at - 1) << 3));
    const beforeRow = load<i32>(rows + (<usize>(at - 1) << 2));
    if (before < distance || (before == distance && beforeRow < row)) break;
    store<f64>(distances + (<usize>at << 3), before);
    store<i32>(rows + (<usize>at << 2), beforeRow);
    at--;
  }
  store<f64>(distances + (<usize>at << 3), distance);
  store<i32>(rows + (<usize>at << 2), row);
  worst = load<f64>(distances + (<usize>(neighbours - 1) << 3));
  worstRow = load<i32>(rows + (<usize>(neighbours - 1) << 2));
}

// @ts-ignore: decorator
@inline
function offer(distance: f64, row: i32): void {
  if (distance < worst || (distance == worst && row < worstRow)) insert(distance, row);
}

const COLUMNS_A_LOOK = 16;

/** Offers the rows of a leaf: `count` rows in `lanes` lanes, whose numbers are at `ids`. */
function scanLeaf(x: usize, width: i32, points: usize, lanes: i32, ids: usize, count: i32): void {
  const line = <usize>lanes << 3;
  for (let lane = 0; lane < count; lane += 4) {
    let a = f64x2.splat(0);
    let b = a;
    let at = points + (<usize>lane << 3);
    const limit = f64x2.splat(worst);
    let near = 15;
    for (let column = 0; column < width; column += COLUMNS_A_LOOK) {
      const end = x + (<usize>min(width, column + COLUMNS_A_LOOK) << 3);
      for (let j = x + (<usize>column << 3); j < end; j += 8) {
        const value = v128.load64_splat(j);
        const da = f64x2.sub(value, v128.load(at));
        const db = f64x2.sub(value, v128.load(at, 16));
        a = f64x2.add(a, f64x2.mul(da, da));
        b = f64x2.add(b, f64x2.mul(db, db));
        at += line;
      }
      // Sums only grow: rows that are too far already need no further columns.
      near = i64x2.bitmask(f64x2.le(a, limit)) | (i64x2.bitmask(f64x2.le(b, limit)) << 2);
      if (near == 0) break;
    }
    if (near == 0) continue;
    const id = ids + (<usize>lane << 2);
    if (near & 1) offer(f64x2.extract_lane(a, 0), load<i32>(id));
    if (near & 2 && lane + 1 < count) offer(f64x2.extract_lane(a, 1), load<i32>(id, 4));
    if (near & 4 && lane + 2 < count) offer(f64x2.extract_lane(b, 0), load<i32>(id, 8));
    if (near & 8 && lane + 3 < count) offer(f64x2.extract_lane(b, 1), load<i32>(id, 12));
  }
}

/**
 * Finds the k nearest rows of the query at x: their squared distances to outDistances, their numbers to outRows, in the
 * order of (distance, row). leafStarts: for each leaf the number of rows before it, and at the end the number of all.
 * stack: room for 16 bytes for each level of the tree. Returns 0 when a distance is not finite.
 */
export function findNeighbours(
  x: usize, width: i32, boxes: usize, leaves: i32, leafStarts: usize, ids: usize, points: usize, lanes: i32,
  stack: usize, k: i32, outDistances: usize, outRows: usize,
): i32 {
  distances = outDistances;
  rows = outRows;
  neighbours = k;
  worst = Infinity;
  worstRow = i32.MAX_VALUE;
  for (let at = 0; at < k; at++) {
    store<f64>(distances + (<usize>at << 3), Infinity);
    store<i32>(rows + (<usize>at << 2), i32.MAX_VALUE);
  }
  const box = <usize>width << 4;
  const leafBytes = (<usize>width * lanes) << 3;
  let top = stack;
  let node = 0;
  for (;;) {
    while (node < leaves - 1) {
      const left = 2 * node + 1;
      const leftWay = boxDistance(x, boxes + <usize>left * box, width);
      const rightWay = boxDistance(x, boxes + <usize>(left + 1) * box, width);
      const isLeft = leftWay <= rightWay;
      store<f64>(top, isLeft ? rightWay : leftWay);
      store<i32>(top, isLeft ? left + 1 : left, 8);
      top += 16;
      node = isLeft ? left : left + 1;
    }
    const leaf = node - (leaves - 1);
    const first = load<i32>(leafStarts + (<usize>leaf << 2));
    scanLeaf(x, width, points + <usize>leaf * leafBytes, lanes, ids + (<usize>first << 2), load<i32>(leafStarts + (<usize>leaf << 2), 4) - first);
    do {
      if (top == stack) return worst < Infinity ? 1 : 0;
      top -= 16;
    } while (load<f64>(top) > worst);
    node = load<i32>(top, 8);
  }
  // Never reached; the compiler asks for it.
  return 0;
}

/** What a neighbour counts: 1, or 1 / distance; where some are at distance 0, these 1 and the others 0. */
// @ts-ignore: decorator
@inline
function weightOf(distance: f64, nearest: f64, byDistance: i32): f64 {
  if (!byDistance) return 1;
  if (nearest == 0) return distance == 0 ? 1 : 0;
  return 1 / sqrt(distance);
}

/** out[c] = the share of class c in the neighbours' weights, neighbours from the nearest to the farthest. */
export function voteOfNeighbours(found: usize, foundRows: usize, k: i32, targets: usize, classes: i32, byDistance: i32, out: usize): void {
  memory.fill(out, 0, <usize>classes << 3);
  const nearest = load<f64>(found);
  let total: f64 = 0;
  for (let at: usize = 0; at < <usize>k; at++) {
    const weight = weightOf(load<f64>(found + (at << 3)), nearest, byDistance);
    const place = out + (<usize>load<f64>(targets + (<usize>load<i32>(foundRows + (at << 2)) << 3)) << 3);
    store<f64>(place, load<f64>(place) + weight);
    total += weight;
  }
  for (let c: usize = 0, end = <usize>classes << 3; c < end; c += 8) store<f64>(out + c, load<f64>(out + c) / total);
}

/** The neighbours' weighted mean, from the nearest to the farthest. */
export function meanOfNeighbours(found: usize, foundRows: usize, k: i32, targets: usize, byDistance: i32): f64 {
  const nearest = load<f64>(found);
  let total: f64 = 0;
  let sum: f64 = 0;
  for (let at: usize = 0; at < <usize>k; at++) {
    const weight = weightOf(load<f64>(found + (at << 3)), nearest, byDistance);
    sum += weight * load<f64>(targets + (<usize>load<i32>(foundRows + (at << 2)) << 3));
    total += weight;
  }
  return sum / total;
}
