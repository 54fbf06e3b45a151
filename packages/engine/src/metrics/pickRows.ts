import type { Kernels } from '../kernels/index.ts';
import { dealByKey } from '../prepare/dealByKey.ts';

/** Of `rows` rows the `most` with the lowest splitmix64 key of their index, in order; all of them if there are no more. */
export function pickRows({ kernels, rows, most, seed }: { kernels: Kernels; rows: number; most: number; seed: number }): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return rows <= most ? all : (dealByKey({ kernels, rows, kept: all, seed, ends: [most] })[0] ?? all);
}
