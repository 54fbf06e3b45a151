import type { Kernels } from '../kernels/index.ts';
import type { RowOrder } from './fitFeature.ts';

/**
 * Deals rows out by the rank of the splitmix64 key of their index: group g has the ranks from the end before up to
 * `ends[g]`, in the rows' own order. A row's key does not depend on the other rows.
 */
export function dealByKey(parameters: { kernels: Kernels; rows: number; kept: RowOrder; seed: number; ends: readonly number[] }): RowOrder[] {
  const { kernels, rows, kept, seed, ends } = parameters;
  const keys = hashKeys(kernels, rows, BigInt(seed), kept);
  const sorted = keys.slice().sort();
  // splitmix64 permutes the 64-bit numbers, so that no two rows have the same key.
  const bounds = ends.map((end) => halves(sorted[end] ?? 2n ** 64n));
  // The same keys as pairs of 32 bits: as bigints each comparison would make one.
  const words = new Uint32Array(keys.buffer);
  const groups = new Uint16Array(kept.length);
  for (let index = 0; index < kept.length; index += 1) groups[index] = groupOf(words[index * 2 + 1] ?? 0, words[index * 2] ?? 0, bounds);
  return ends.map((_, group) => kept.filter((__, index) => groups[index] === group));
}

type Halves = { high: number; low: number };

function halves(key: bigint): Halves {
  return { high: Number(key >> 32n), low: Number(key & 0xffffffffn) };
}

function groupOf(high: number, low: number, bounds: readonly Halves[]): number {
  const group = bounds.findIndex((bound) => high < bound.high || (high === bound.high && low < bound.low));
  return group < 0 ? bounds.length : group;
}

const PIECE = 1 << 13;
const scratches = new WeakMap<Kernels, number>();

/** The keys of the kept rows. */
function hashKeys(kernels: Kernels, rows: number, seed: bigint, kept: RowOrder): BigUint64Array {
  const keys = new BigUint64Array(kept.length);
  // The kernel's scratch is small and its memory is never given back, so keys are fetched in pieces.
  const pointer = scratches.get(kernels) ?? kernels.allocate(PIECE * 8);
  scratches.set(kernels, pointer);
  let at = 0;
  for (let first = 0; first < rows; first += PIECE) {
    const last = Math.min(rows, first + PIECE);
    kernels.hashRanks(seed, pointer - first * 8, first, last);
    const piece = new BigUint64Array(kernels.memory.buffer, pointer, last - first);
    for (; (kept[at] ?? Infinity) < last; at += 1) keys[at] = piece[(kept[at] ?? 0) - first] ?? 0n;
  }
  return keys;
}
