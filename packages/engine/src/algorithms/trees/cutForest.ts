import { MOST_SMALL_LEAVES, type SmallTree } from './smallTrees.ts';
import type { TreeArrays } from './treeBody.ts';

/** Thresholds of a column, of which there is room for so many: 255 is the bin of missing numbers. */
const MOST_CUTS = 254;
const LINE = 256;

/** Trees whose splits ask for few thresholds of a column, as boosted ones do: rows that are cut at these go through all splits of a tree by lanes. */
export type CutForest = {
  /** [width, 256]: the thresholds of each column, rising, then Infinity. */
  cuts: Float64Array;
  trees: SmallTree[];
};

/** Undefined where a tree has too many leaves, or a column too many thresholds. */
export function cutForest(trees: readonly TreeArrays[], width: number): CutForest | undefined {
  const cuts = cutsOf(trees, width);
  if (cuts === undefined || trees.some(({ column }) => column.length > 2 * MOST_SMALL_LEAVES - 1)) return undefined;
  return { cuts, trees: trees.map((tree) => smallTreeOf(tree, cuts)) };
}

/** Nodes stand from the left to the right: as many leaves as came before a split are to the left of it. */
function smallTreeOf({ column, threshold, missingLeft, values }: TreeArrays, cuts: Float64Array): SmallTree {
  const tree: SmallTree = { splits: [], values: [] };
  for (let node = 0; node < column.length; node += 1) {
    const own = column[node] ?? 0;
    if (own < 0) tree.values.push(values[node] ?? 0);
    else tree.splits.push({ column: own, bin: placeOf(cuts, own, threshold[node] ?? 0), missingLeft: missingLeft[node] === 1, leaf: tree.values.length });
  }
  return tree;
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
