import { EngineError } from '../../errors.ts';
import { type Kernels, type Pointer, allocate, doubles } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';

const MOST_SWEEPS = 60;
/** Shorter sides have squares that lose digits. */
const TINY = 2 ** -300;

/** Bytes that {@link eigen} takes. */
export function eigenBytes(size: number): number {
  return 3 * size * size * 8 + 6 * size * 8 + 64;
}

/**
 * Eigenvalues of a symmetric matrix [size, size] and, row by row, the vectors that belong to them, largest first; of
 * equal ones in the order in which they are found. Source: Golub and Van Loan, "Matrix Computations", 4th ed., 8.3.
 *
 * @throws EngineError NOT_FINITE
 */
export async function eigen(kernels: Kernels, matrix: Float64Array, size: number, pause: Pause): Promise<{ values: Float64Array; vectors: Float64Array }> {
  const largest = matrix.reduce((most, value) => (Math.abs(value) <= most ? most : Math.abs(value)), 0);
  if (!Number.isFinite(largest)) throw notFinite();
  const scale = largest > 0 ? largest : 1;
  const [whole = 0, reflections = 0, vectors = 0] = [0, 1, 2].map(() => allocate(kernels, size * size * 8));
  const [betas = 0, off = 0, work = 0, angles = 0] = [size, size, size, 2 * size].map((count) => allocate(kernels, count * 8));
  doubles(kernels, whole, size * size).set(matrix.map((value) => value / scale));
  for (let k = 0; k < size - 2; k += 1) {
    kernels.reflectRow(whole, reflections, betas, off, work, size, k);
    await pause();
  }
  const diagonal = Float64Array.from({ length: size }, (_, index) => doubles(kernels, whole, size * size)[index * size + index] ?? 0);
  const beside = doubles(kernels, off, size).slice();
  if (size > 1) beside[size - 2] = doubles(kernels, whole, size * size)[(size - 2) * size + size - 1] ?? 0;
  for (let index = 0; index < size; index += 1) doubles(kernels, vectors, size * size)[index * size + index] = 1;
  for (let k = size - 3; k >= 0; k -= 1) {
    kernels.reflectVectors(vectors, reflections, betas, size, k);
    await pause();
  }
  await iterate({ kernels, size, diagonal, beside, vectors, angles, pause });
  return sorted(diagonal, scale, doubles(kernels, vectors, size * size));
}

type Tridiagonal = { kernels: Kernels; size: number; diagonal: Float64Array; beside: Float64Array; vectors: Pointer; angles: Pointer; pause: Pause };

/** QL steps with implicit shifts until nothing is left beside the diagonal. */
async function iterate(state: Tridiagonal): Promise<void> {
  const { size, diagonal: d, beside: e, pause } = state;
  e[size - 1] = 0;
  // Rounding of the whole: without it the many eigenvalues of 0 that wide tables have would never settle.
  const nothing = 2 ** -52 * d.reduce((most, value, index) => Math.max(most, Math.abs(value) + Math.abs(e[index] ?? 0)), 0);
  for (let l = 0; l < size; l += 1) {
    for (let sweep = 0; ; sweep += 1) {
      let m = l;
      while (m < size - 1 && Math.abs(e[m] ?? 0) > Math.max(nothing, 2 ** -52 * (Math.abs(d[m] ?? 0) + Math.abs(d[m + 1] ?? 0)))) m += 1;
      if (m === l) break;
      if (sweep === MOST_SWEEPS) throw notFinite();
      chase(state, l, m);
      await pause();
    }
  }
}

/** One step on the rows l to m. */
function chase({ kernels, size, diagonal: d, beside: e, vectors, angles }: Tridiagonal, l: number, m: number): void {
  const at = (list: Float64Array, index: number): number => list[index] ?? 0;
  const turns: number[] = [];
  const half = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  const root = Math.sqrt(half * half + 1);
  let g = at(d, m) - at(d, l) + at(e, l) / (half + (half < 0 ? -root : root));
  let [s, c, p] = [1, 1, 0];
  let i = m - 1;
  for (; i >= l; i -= 1) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    const length = Math.sqrt(f * f + g * g);
    e[i + 1] = length < TINY ? 0 : length;
    if (length < TINY) {
      d[i + 1] = at(d, i + 1) - p;
      e[m] = 0;
      break;
    }
    s = f / length;
    c = g / length;
    g = at(d, i + 1) - p;
    const r = (at(d, i) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    turns.push(c, s);
  }
  if (i < l) {
    d[l] = at(d, l) - p;
    e[l] = g;
    e[m] = 0;
  }
  doubles(kernels, angles, turns.length).set(turns);
  kernels.rotateRows(vectors, angles, size, m - 1, turns.length / 2);
}

function sorted(diagonal: Float64Array, scale: number, vectors: Float64Array): { values: Float64Array; vectors: Float64Array } {
  const size = diagonal.length;
  const order = Array.from(diagonal.keys()).sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0) || a - b);
  const all = new Float64Array(size * size);
  for (const [place, index] of order.entries()) all.set(vectors.subarray(index * size, (index + 1) * size), place * size);
  return { values: Float64Array.from(order, (index) => (diagonal[index] ?? 0) * scale), vectors: all };
}

function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'The covariances of the columns left the range of finite numbers: rescale the columns.');
}
