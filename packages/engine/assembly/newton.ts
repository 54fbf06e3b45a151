import { addScaled, addScaled4 } from './vectors';

// hessian: a square matrix of size vectors * width. The lower triangle holds the sums; the upper
// triangle, diagonal included, holds the Cholesky factor U of H = U^T U. `diagonal` keeps H's.

// @ts-ignore: decorator
@inline
function curvature(p: usize, v: i32, u: i32): f64 {
  const own = load<f64>(p + (<usize>v << 3));
  return v == u ? own * (1.0 - own) : -(own * load<f64>(p + (<usize>u << 3)));
}

/**
 * Adds the rows [first, last): H[v, u] += p_v * ([v = u] - p_u) * x x^T, for u <= v, each block's
 * lower triangle only (every block is symmetric). Source: Böhning, "Multinomial logistic regression
 * algorithm", Annals of the Institute of Statistical Mathematics 44 (1992).
 */
export function hessianRows(
  design: usize, width: i32, vectors: i32, classes: i32, probabilities: usize, hessian: usize, first: i32, last: i32,
): void {
  const skip = classes - vectors;
  const size = <usize>vectors * width;
  const line = <usize>width << 3;
  let row = first;
  for (; row + 4 <= last; row += 4) {
    const x0 = design + <usize>row * line;
    const x1 = x0 + line;
    const x2 = x1 + line;
    const x3 = x2 + line;
    const p = probabilities + ((<usize>row * classes) << 3);
    const next = <usize>classes << 3;
    for (let v = 0; v < vectors; v++) {
      for (let u = 0; u <= v; u++) {
        const s0 = curvature(p, v + skip, u + skip);
        const s1 = curvature(p + next, v + skip, u + skip);
        const s2 = curvature(p + 2 * next, v + skip, u + skip);
        const s3 = curvature(p + 3 * next, v + skip, u + skip);
        for (let i = 0; i < width; i++) {
          const at = <usize>i << 3;
          const a0 = s0 * load<f64>(x0 + at);
          const a1 = s1 * load<f64>(x1 + at);
          const a2 = s2 * load<f64>(x2 + at);
          const a3 = s3 * load<f64>(x3 + at);
          // Adding zero to a sum that started at +0 changes no bit, so one-hot columns are skipped.
          if (a0 == 0 && a1 == 0 && a2 == 0 && a3 == 0) continue;
          const target = hessian + (((<usize>v * width + i) * size + <usize>u * width) << 3);
          addScaled4(target, a0, a1, a2, a3, x0, x1, x2, x3, i + 1);
        }
      }
    }
  }
  for (; row < last; row++) {
    const x = design + <usize>row * line;
    const p = probabilities + ((<usize>row * classes) << 3);
    for (let v = 0; v < vectors; v++) {
      for (let u = 0; u <= v; u++) {
        const s = curvature(p, v + skip, u + skip);
        for (let i = 0; i < width; i++) {
          const target = hessian + (((<usize>v * width + i) * size + <usize>u * width) << 3);
          addScaled(target, s * load<f64>(x + (<usize>i << 3)), x, i + 1);
        }
      }
    }
  }
}

/**
 * Divides by rows, adds `ridge` to the diagonal of the penalised weights, completes the blocks
 * below the diagonal, and saves the diagonal. With one vector per class a constant added to all
 * intercepts changes nothing, so 1 is added between all intercepts: it fixes their sum at 0.
 */
export function finishHessian(hessian: usize, diagonal: usize, rows: f64, ridge: f64, vectors: i32, width: i32): void {
  const size = <usize>vectors * width;
  for (let v = 0; v < vectors; v++) {
    for (let u = 0; u <= v; u++) {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j <= i; j++) {
          const at = hessian + (((<usize>v * width + i) * size + <usize>u * width + j) << 3);
          let value = load<f64>(at) / rows;
          if (i == 0 && vectors > 1) value += 1.0;
          if (v == u && i == j && i > 0) value += ridge;
          store<f64>(at, value);
          if (v == u && i == j) store<f64>(diagonal + ((<usize>v * width + i) << 3), value);
          if (v != u) store<f64>(hessian + (((<usize>v * width + j) * size + <usize>u * width + i) << 3), value);
        }
      }
    }
  }
}

/** Copies the lower triangle to the upper one, the diagonal enlarged by `shift`. */
export function startFactor(hessian: usize, diagonal: usize, shift: f64, size: i32): void {
  const length = <usize>size;
  for (let i: usize = 0; i < length; i++) {
    store<f64>(hessian + ((i * length + i) << 3), load<f64>(diagonal + (i << 3)) + shift);
    for (let j = i + 1; j < length; j++) {
      store<f64>(hessian + ((i * length + j) << 3), load<f64>(hessian + ((j * length + i) << 3)));
    }
  }
}

/**
 * Row i of the Cholesky factor, rows before it being done. Returns 1 when the pivot is at most
 * 2^-48 of the diagonal: not positive definite in this precision. Source: Golub and Van Loan,
 * "Matrix Computations", 4th ed., algorithm 4.2.2, by rows.
 */
export function factorRow(hessian: usize, diagonal: usize, size: i32, i: i32): i32 {
  const line = <usize>size << 3;
  const at = <usize>i << 3;
  const own = hessian + <usize>i * line + at;
  const count = size - i;
  let k = 0;
  for (; k + 4 <= i; k += 4) {
    const r0 = hessian + <usize>k * line + at;
    const r1 = r0 + line;
    const r2 = r1 + line;
    const r3 = r2 + line;
    addScaled4(own, -load<f64>(r0), -load<f64>(r1), -load<f64>(r2), -load<f64>(r3), r0, r1, r2, r3, count);
  }
  for (; k < i; k++) {
    const r = hessian + <usize>k * line + at;
    addScaled(own, -load<f64>(r), r, count);
  }
  const pivot = load<f64>(own);
  if (!(pivot > load<f64>(diagonal + at) * 3.552713678800501e-15)) return 1;
  const root = sqrt(pivot);
  store<f64>(own, root);
  for (let j: usize = 8, end = <usize>count << 3; j < end; j += 8) store<f64>(own + j, load<f64>(own + j) / root);
  return 0;
}

/** Solves U^T U direction = gradient. */
export function solve(hessian: usize, gradient: usize, direction: usize, size: i32): void {
  const length = <usize>size;
  memory.copy(direction, gradient, length << 3);
  for (let i = 0; i < size; i++) {
    const diagonal = hessian + ((<usize>i * length + i) << 3);
    const value = load<f64>(direction + (<usize>i << 3)) / load<f64>(diagonal);
    store<f64>(direction + (<usize>i << 3), value);
    addScaled(direction + (<usize>(i + 1) << 3), -value, diagonal + 8, size - i - 1);
  }
  for (let i = size - 1; i >= 0; i--) {
    const diagonal = hessian + ((<usize>i * length + i) << 3);
    let sum = load<f64>(direction + (<usize>i << 3));
    for (let j = i + 1; j < size; j++) {
      sum -= load<f64>(diagonal + (<usize>(j - i) << 3)) * load<f64>(direction + (<usize>j << 3));
    }
    store<f64>(direction + (<usize>i << 3), sum / load<f64>(diagonal));
  }
}

/**
 * Armijo's rule with room for rounding: 1 when the loss fell by 1e-4 of what the slope promises,
 * or differs by no more than 16 units in the last place. Source: Nocedal and Wright, "Numerical
 * Optimization", 2nd ed., (3.4).
 */
export function accepts(before: f64, after: f64, scale: f64, slope: f64): i32 {
  return after <= before - 1e-4 * scale * slope + 3.552713678800501e-15 * abs(before) ? 1 : 0;
}
