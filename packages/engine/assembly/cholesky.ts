import { addScaled, addScaled4 } from './vectors';

// A symmetric matrix [size, size]: the lower triangle holds it; the upper one, diagonal included, holds the
// Cholesky factor U of H = U^T U. `diagonal` keeps the matrix's own diagonal.

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
