import type { Pointer } from '../../kernels/index.ts';

/** What `addSmallTrees` takes: leaves of a tree at most, trees at once, rows of a block, which has a byte of scratch for each tree. */
export const MOST_SMALL_LEAVES = 256;
export const SMALL_TREES = 32;
export const SMALL_BLOCK = 128;

/** A tree whose leaves are counted from the left: every split comes before those below it, and says which leaf it splits. */
export type SmallTree = { splits: { column: number; bin: number; missingLeft: boolean; leaf: number }[]; values: number[] };

const PLACES = 12;
const NUMBER = 8;

/** Bytes of a tree of so many leaves, at most. */
export function smallTreeBytes(leaves: number): number {
  return PLACES + 2 * leaves * NUMBER;
}

/** Trees as `addSmallTrees` reads them at `pointer`, for columns of so many rows: their places, all splits, all values. */
export function writeSmallTrees(trees: readonly SmallTree[], pointer: Pointer, rows: number): Uint8Array {
  const leaves = trees.reduce((sum, { values }) => sum + values.length, 0);
  // Doubles stand where they are read fastest.
  let at = Math.ceil((trees.length * PLACES) / NUMBER) * NUMBER;
  let value = at + (leaves - trees.length) * NUMBER;
  const bytes = new Uint8Array(value + leaves * NUMBER);
  const view = new DataView(bytes.buffer);
  for (const [index, { splits, values }] of trees.entries()) {
    for (const [word, place] of [at, at + splits.length * NUMBER, value].entries()) view.setUint32(index * PLACES + word * 4, pointer + place, true);
    for (const { column, bin, missingLeft, leaf } of splits) {
      const shift = missingLeft ? 129 : 128;
      view.setUint32(at, column * rows, true);
      bytes[at + 4] = shift;
      bytes[at + 5] = bin + shift;
      bytes[at + 6] = leaf + 128;
      at += NUMBER;
    }
    for (const own of values) {
      view.setFloat64(value, own, true);
      value += NUMBER;
    }
  }
  return bytes;
}
