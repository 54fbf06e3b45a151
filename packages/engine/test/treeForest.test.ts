import { expect, test } from 'vitest';
import { cutForest } from '../src/algorithms/trees/cutForest.ts';
import { type TreeArrays, type Trees, readTreeBody, writeTrees } from '../src/algorithms/trees/treeBody.ts';
import { treeForest } from '../src/algorithms/trees/treeForest.ts';
import { createKernels } from '../src/kernels/index.ts';

const WIDTH = 5;
const SUMS = 2;

/** Counted, so that every run of the test sees the same. */
function numbers(seed: number): (below: number) => number {
  const kernels = createKernels();
  let index = 0n;
  return (below) => Number(BigInt.asUintN(64, kernels.randomKey(BigInt(seed), index++)) % BigInt(below));
}

type Node = { column: number; threshold: number; missingLeft: boolean; left: number; right: number } | { values: number[] };

function grow(leaves: number, thresholds: number, below: (most: number) => number): Node[] {
  const nodes: Node[] = [{ values: [below(1_000) / 7] }];
  for (const open = [0]; open.length < leaves;) {
    const [node = 0] = open.splice(below(open.length), 1);
    nodes[node] = { column: below(WIDTH), threshold: (below(thresholds) - thresholds / 2) / 3, missingLeft: below(2) === 1, left: nodes.length, right: nodes.length + 1 };
    open.push(nodes.length, nodes.length + 1);
    nodes.push({ values: [below(1_000_000) / 7] }, { values: [below(1_000_000) / 7] });
  }
  return nodes;
}

function forestOf(leaves: readonly number[], thresholds: number, below: (most: number) => number): Trees {
  const body = writeTrees({ base: [0.25, -3], valuesOfLeaf: 1, trees: leaves.map((count) => grow(count, thresholds, below)) });
  return readTreeBody(body, { width: WIDTH, base: SUMS, valuesOfLeaf: 1 });
}

function leafOf({ column, threshold, missingLeft, left, right }: TreeArrays, row: Float64Array): number {
  let node = 0;
  for (let own = column[node] ?? -1; own >= 0; own = column[node] ?? -1) {
    const value = row[own] ?? NaN;
    const goesLeft = Number.isNaN(value) ? missingLeft[node] === 1 : value <= (threshold[node] ?? 0);
    node = (goesLeft ? left : right)[node] ?? 0;
  }
  return node;
}

test.each([
  ['small trees', [1, 2, 31, 256, 7], 200, true], ['a tree of too many leaves', [31, 257], 200, false], ['too many thresholds of a column', [200, 200, 200, 200, 200, 200, 200, 200], 100_000, false],
] as const)('%s lead rows to the same leaves, node by node and by lanes', (_, leaves, thresholds, isCut) => {
  const below = numbers(leaves.length * 1_000 + thresholds);
  const forest = forestOf(leaves, thresholds, below);
  expect(cutForest(forest.trees, WIDTH) !== undefined).toBe(isCut);
  const rows = 4_096 + 77;
  const special = [NaN, Infinity, -Infinity, 0, -0, Number.MAX_VALUE];
  // Many stand on a threshold.
  const design = Float64Array.from({ length: rows * WIDTH }, () => (below(9) === 0 ? special[below(special.length)] ?? 0 : (below(thresholds) - thresholds / 2) / 3));
  const open = (byNode: boolean): ReturnType<typeof treeForest> => treeForest({ kernels: createKernels(), forest, width: WIDTH, sums: SUMS, outputs: SUMS, outputOf: (tree) => tree % SUMS, link: (raw) => raw }, { byNode });
  const wanted = new Float64Array(rows * SUMS);
  for (let row = 0; row < rows; row += 1) {
    wanted.set(forest.base, row * SUMS);
    for (const [index, tree] of forest.trees.entries()) wanted[row * SUMS + (index % SUMS)] = (wanted[row * SUMS + (index % SUMS)] ?? 0) + (tree.values[leafOf(tree, design.subarray(row * WIDTH, (row + 1) * WIDTH))] ?? 0);
  }
  for (const byNode of [false, true]) {
    const predict = open(byNode);
    // The second time, memory holds what the first one left.
    for (const count of [rows, 3, 64]) expect(predict(design.subarray(0, count * WIDTH), count)).toEqual(wanted.subarray(0, count * SUMS));
  }
});
