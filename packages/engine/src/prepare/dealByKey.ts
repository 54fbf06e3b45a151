import type { Kernels } from '../kernels/index.ts';
import type { RowOrder } from './fitFeature.ts';

/**
 * Deals rows out by the rank of the splitmix64 key of their index: group g has the ranks from the end before up to
 * `ends[g]`, in the rows' own order. A row's key does not depend on the other rows.
 */
export function dealByKey(parameters: { kernels: Kernels; rows: number; kept: RowOrder; seed: number; ends: readonly number[] }): RowOrder[] {
  const { kernels, rows, kept, seed, ends } = parameters;
  const all = hashKeys(kernels, rows, BigInt(seed));
  const keys = BigUint64Array.from(kept, (row) => all[row] ?? 0n);
  const sorted = keys.slice().sort();
  // splitmix64 permutes the 64-bit numbers, so that no two rows have the same key.
  const bounds = ends.map((end) => sorted[end] ?? 2n ** 64n);
  const groups = keys.length === 0 ? new Uint16Array() : Uint16Array.from(kept, (_, index) => groupOf(keys[index] ?? 0n, bounds));
  return ends.map((_, group) => kept.filter((__, index) => groups[index] === group));
}

function groupOf(key: bigint, bounds: readonly bigint[]): number {
  let group = 0;
  while (group < bounds.length && key >= (bounds[group] ?? 0n)) group += 1;
  return group;
}

const PIECE = 1 << 13;

function hashKeys(kernels: Kernels, rows: number, seed: bigint): BigUint64Array {
  const keys = new BigUint64Array(rows);
  // The kernel's scratch is small and its memory is never given back, so keys are fetched in pieces.
  const pointer = kernels.allocate(PIECE * 8);
  for (let first = 0; first < rows; first += PIECE) {
    const last = Math.min(rows, first + PIECE);
    kernels.hashRanks(seed, pointer - first * 8, first, last);
    keys.set(new BigUint64Array(kernels.memory.buffer, pointer, last - first), first);
  }
  return keys;
}
