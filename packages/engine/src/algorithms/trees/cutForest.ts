import type { TreeArrays } from './treeBody.ts';

/** Thresholds of a column, of which there is room for so many: 255 is the bin of missing numbers. */
const MOST_CUTS = 254;
const LINE = 256;
const MOST_SPLITS = 255;
const SPLIT = 8;

/** Trees whose splits ask for few thresholds of a column, as boosted ones do: rows that are cut at these go through all splits of a tree by lanes. */
export type CutForest = {
  /** [width, 256]: the thresholds of each column, rising, then Infinity. */
  cuts: Float64Array;
  /** The splits of all trees as `addSmallTree` reads them, for bins of which a column has `rows`; the values of all leaves. */
  splits: Uint8Array;
  values: Float64Array;
  trees: { split: number; splits: number; value: number }[];
};

/** Undefined where a tree has too many leaves, or a column too many thresholds. */
export function cutForest(trees: readonly TreeArrays[], width: number, rows: number): CutForest | undefined {
  const cuts = cutsOf(trees, width);
  if (cuts === undefined || width * rows >= 2 ** 32 || trees.some(({ column }) => column.length > 2 * MOST_SPLITS + 1)) return undefined;
  const nodes = trees.reduce((sum, { column }) => sum + column.length, 0);
  const splits = new Uint8Array(((nodes - trees.length) / 2) * SPLIT);
  const values = new Float64Array((nodes + trees.length) / 2);
  const view = new DataView(splits.buffer);
  const places: CutForest['trees'] = [];
  let [split, value] = [0, 0];
  for (const tree of trees) {
    const [firstSplit, firstValue] = [split, value];
    /** The leaf that a node is, or was before it was split: to the left a number goes on. */
    const leafOf = new Uint8Array(tree.column.length);
    for (let node = 0; node < leafOf.length; node += 1) {
      const [column, own] = [tree.column[node] ?? 0, leafOf[node] ?? 0];
      if (column < 0) {
        values[firstValue + own] = tree.values[node] ?? 0;
        value += 1;
        continue;
      }
      const [at, added, missing] = [split * SPLIT, split - firstSplit + 1, tree.missingLeft[node] ?? 0];
      view.setUint32(at, column * rows, true);
      splits.set([placeOf(cuts, column, tree.threshold[node] ?? 0) + missing, missing, own, own ^ added], at + 4);
      leafOf[tree.left[node] ?? 0] = own;
      leafOf[tree.right[node] ?? 0] = added;
      split += 1;
    }
    places.push({ split: firstSplit, splits: split - firstSplit, value: firstValue });
  }
  return { cuts, splits, values, trees: places };
}

function cutsOf(trees: readonly TreeArrays[], width: number): Float64Array | undefined {
  const found = Array.from({ length: width }, () => new Set<number>());
  for (const { column, threshold } of trees) {
    for (let node = 0; node < column.length; node += 1) {
      const own = found[column[node] ?? -1];
      own?.add(threshold[node] ?? 0);
      if ((own?.size ?? 0) > MOST_CUTS) return undefined;
    }
  }
  const cuts = new Float64Array(width * LINE).fill(Infinity);
  for (const [column, own] of found.entries()) cuts.set(Float64Array.from(own).sort(), column * LINE);
  return cuts;
}

/** Which of a column's thresholds this is. */
function placeOf(cuts: Float64Array, column: number, threshold: number): number {
  let [low, high] = [column * LINE, column * LINE + MOST_CUTS];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) < threshold) low = middle + 1;
    else high = middle;
  }
  return low - column * LINE;
}
