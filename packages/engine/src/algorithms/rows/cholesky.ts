import { type Kernels, type Pointer, allocate, doubles } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';

const MOST_SHIFTS = 12;

/** Room for solving systems of one size. */
export type Solver = { kernels: Kernels; size: number; matrix: Pointer; diagonal: Pointer; right: Pointer; out: Pointer };

/** Bytes that {@link createSolver} takes. */
export function solverBytes(size: number): number {
  return size * size * 8 + size * 24 + 64;
}

export function createSolver(kernels: Kernels, size: number): Solver {
  const [matrix = 0, diagonal = 0, right = 0, out = 0] = [size * size, size, size, size].map((count) => allocate(kernels, count * 8));
  return { kernels, size, matrix, diagonal, right, out };
}

/** Puts a symmetric matrix, [size, size], of which the lower triangle counts, into place. */
export function setMatrix({ kernels, size, matrix, diagonal }: Solver, values: Float64Array): void {
  doubles(kernels, matrix, size * size).set(values);
  const own = doubles(kernels, diagonal, size);
  for (let index = 0; index < size; index += 1) own[index] = values[index * size + index] ?? 0;
}

/** matrix^-1 right by Cholesky; a matrix that is singular in f64 gets a growing diagonal. Undefined where no shift helps. */
export async function solveShifted(solver: Solver, right: Float64Array, pause: Pause): Promise<Float64Array | undefined> {
  const { kernels, size, diagonal } = solver;
  const largest = kernels.largest(diagonal, size);
  let shift = 0;
  for (let shifts = 0; shifts <= MOST_SHIFTS; shifts += 1) {
    if (await factor(solver, shift, pause)) return solve(solver, right);
    shift = shift === 0 ? largest * 2 ** -40 : shift * 16;
  }
  return undefined;
}

/** Whether matrix + shift I is positive definite in f64; its factor then stands in place. */
export async function factor({ kernels, size, matrix, diagonal }: Solver, shift: number, pause: Pause): Promise<boolean> {
  kernels.startFactor(matrix, diagonal, shift, size);
  for (let row = 0; row < size; row += 1) {
    if (kernels.factorRow(matrix, diagonal, size, row) !== 0) return false;
    await pause();
  }
  return true;
}

/** By the factor that stands in place. */
export function solve({ kernels, size, matrix, right, out }: Solver, values: Float64Array): Float64Array {
  doubles(kernels, right, size).set(values);
  kernels.solve(matrix, right, out, size);
  return doubles(kernels, out, size).slice();
}
