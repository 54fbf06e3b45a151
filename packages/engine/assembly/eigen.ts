import { addScaled, dot } from './vectors';

// Eigenvectors of a symmetric matrix [size, size], held in full, by Householder's reduction to three diagonals and QL
// steps. Source: Golub and Van Loan, "Matrix Computations", 4th ed., 8.3.

/**
 * Takes row k out of the matrix: the reflection (I - beta v v^T) zeroes its entries behind the first one off the
 * diagonal, which becomes off[k]. v goes to row k of `reflections`, beta to betas[k] (0: nothing to zero). work: `size` numbers.
 */
export function reflectRow(matrix: usize, reflections: usize, betas: usize, off: usize, work: usize, size: i32, k: i32): void {
  const line = <usize>size << 3;
  const first = <usize>(k + 1) << 3;
  const count = size - k - 1;
  const own = matrix + <usize>k * line + first;
  const v = reflections + <usize>k * line + first;
  const head = load<f64>(own);
  const tail = dot(own + 8, own + 8, count - 1);
  // The largest entry of the whole is 1: what is below 2^-100 beside it is nothing, and its square would lose digits.
  if (tail < 6.223015277861142e-61) {
    store<f64>(off + (<usize>k << 3), head);
    store<f64>(betas + (<usize>k << 3), 0);
    return;
  }
  const length = sqrt(head * head + tail);
  const alpha = head > 0 ? -length : length;
  memory.copy(v, own, <usize>count << 3);
  store<f64>(v, head - alpha);
  const beta = 2.0 / ((head - alpha) * (head - alpha) + tail);
  store<f64>(off + (<usize>k << 3), alpha);
  store<f64>(betas + (<usize>k << 3), beta);
  memory.fill(work, 0, <usize>count << 3);
  for (let i = 0; i < count; i++) addScaled(work, load<f64>(v + (<usize>i << 3)), matrix + <usize>(k + 1 + i) * line + first, count);
  for (let i: usize = 0, end = <usize>count << 3; i < end; i += 8) store<f64>(work + i, beta * load<f64>(work + i));
  addScaled(work, -(0.5 * beta * dot(work, v, count)), v, count);
  for (let i = 0; i < count; i++) {
    subtractBoth(matrix + <usize>(k + 1 + i) * line + first, load<f64>(v + (<usize>i << 3)), work, load<f64>(work + (<usize>i << 3)), v, count);
  }
}

/** target[j] -= a * x[j] + b * y[j] */
// @ts-ignore: decorator
@inline
function subtractBoth(target: usize, a: f64, x: usize, b: f64, y: usize, count: i32): void {
  const la = f64x2.splat(a);
  const lb = f64x2.splat(b);
  const pairs = <usize>(count & ~1) << 3;
  let j: usize = 0;
  for (; j < pairs; j += 16) {
    v128.store(target + j, f64x2.sub(v128.load(target + j), f64x2.add(f64x2.mul(la, v128.load(x + j)), f64x2.mul(lb, v128.load(y + j)))));
  }
  if (count & 1) store<f64>(target + j, load<f64>(target + j) - (a * load<f64>(x + j) + b * load<f64>(y + j)));
}

/** rows times reflection k from the right: rows of `vectors` from k + 1 on. */
export function reflectVectors(vectors: usize, reflections: usize, betas: usize, size: i32, k: i32): void {
  const line = <usize>size << 3;
  const first = <usize>(k + 1) << 3;
  const count = size - k - 1;
  const v = reflections + <usize>k * line + first;
  const beta = load<f64>(betas + (<usize>k << 3));
  if (beta == 0) return;
  for (let i = k + 1; i < size; i++) {
    const row = vectors + <usize>i * line + first;
    addScaled(row, -(beta * dot(row, v, count)), v, count);
  }
}

/**
 * `count` rotations of neighbouring rows: of rows i and i + 1 for i = first, first - 1, and on. angles: cosine and sine of
 * each. row i + 1 becomes s * row i + c * row i + 1, row i becomes c * row i - s * row i + 1.
 */
export function rotateRows(vectors: usize, angles: usize, size: i32, first: i32, count: i32): void {
  const line = <usize>size << 3;
  const pairs = <usize>(size & ~1) << 3;
  for (let t = 0; t < count; t++) {
    const low = vectors + <usize>(first - t) * line;
    const high = low + line;
    const c = load<f64>(angles + (<usize>t << 4));
    const s = load<f64>(angles + (<usize>t << 4), 8);
    const lc = f64x2.splat(c);
    const ls = f64x2.splat(s);
    let j: usize = 0;
    for (; j < pairs; j += 16) {
      const a = v128.load(low + j);
      const b = v128.load(high + j);
      v128.store(high + j, f64x2.add(f64x2.mul(ls, a), f64x2.mul(lc, b)));
      v128.store(low + j, f64x2.sub(f64x2.mul(lc, a), f64x2.mul(ls, b)));
    }
    if (size & 1) {
      const a = load<f64>(low + j);
      const b = load<f64>(high + j);
      store<f64>(high + j, s * a + c * b);
      store<f64>(low + j, c * a - s * b);
    }
  }
}
