import { expect, test } from 'vitest';
import { createKernels, allocate, doubles } from '../src/kernels/index.ts';
import { type KnownSplit, type KnownTree, createKnownTrees } from '../src/algorithms/trees/boosting/knownTrees.ts';
import type { Bins } from '../src/algorithms/trees/bins.ts';
import type { Objective } from '../src/algorithms/trees/boosting/objective.ts';
import { createPause } from '../src/run/pause.ts';
import { createTeam } from '../src/team/team.ts';

const WIDTH = 7;

/** Counted, so that every run of the test sees the same. */
function numbers(seed: number): (below: number) => number {
  const kernels = createKernels();
  let index = 0n;
  return (below) => Number(BigInt.asUintN(64, kernels.randomKey(BigInt(seed), index++)) % BigInt(below));
}

function randomTree(leaves: number, below: (most: number) => number): KnownSplit[] {
  const open = [0];
  return Array.from({ length: leaves - 1 }, (_, index) => {
    const [node = 0] = open.splice(below(open.length), 1);
    open.push(2 * index + 1, 2 * index + 2);
    return { node, column: below(WIDTH), bin: below(255), missingLeft: below(2) === 1, leftRows: 0, rightRows: 0, leftValue: 0, rightValue: 0, closes: false };
  });
}

/** The leaf of a row, by the splits as they are told. */
function leafOf(splits: readonly KnownSplit[], bins: Uint8Array, row: number, rows: number): number {
  let node = 0;
  for (const [index, split] of splits.entries()) {
    if (split.node !== node) continue;
    const bin = bins[split.column * rows + row] ?? 0;
    node = (bin === 255 ? split.missingLeft : bin <= split.bin) ? 2 * index + 1 : 2 * index + 2;
  }
  return node;
}

test.each([[1, 130], [2, 64], [31, 2_700], [128, 513], [256, 777], [257, 200], [40, 63]])('trees of %s leaves and large ones among them send %s rows where their splits say', async (leaves, rows) => {
  const below = numbers(leaves * 1_000 + rows);
  const team = await createTeam();
  const { kernels } = team;
  const stride = 8;
  const [columns, lines, raw] = [rows * WIDTH + 128, rows * stride, rows * 2 * 8].map((bytes) => allocate(kernels, bytes)) as [number, number, number];
  const byColumn = Uint8Array.from({ length: rows * WIDTH }, () => (below(5) === 0 ? 255 : below(256)));
  const memory = new Uint8Array(kernels.memory.buffer);
  memory.set(byColumn, columns);
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < WIDTH; column += 1) memory[lines + row * stride + column] = byColumn[column * rows + row] ?? 0;
  // Only these fields are read.
  const bins = { width: WIDTH, stride, shares: [{ first: 0, count: rows }], rows: [lines], columns: [columns] } as unknown as Bins;
  const objective = { raw: [raw], outputs: 2 } as unknown as Objective;
  const known = createKnownTrees({ team, pause: createPause(), bins, objective });
  const wanted = new Float64Array(rows * 2);
  const trees: KnownTree[] = [];
  for (let tree = 0; tree < 90; tree += 1) {
    const own = tree % 50 === 17 ? 300 : leaves;
    const splits = randomTree(own, below);
    const values = Array.from({ length: 2 * own - 1 }, () => below(1_000_000) / 7);
    trees.push({ splits, values, output: tree % 2 });
    for (let row = 0; row < rows; row += 1) wanted[row * 2 + (tree % 2)] = (wanted[row * 2 + (tree % 2)] ?? 0) + (values[leafOf(splits, byColumn, row, rows)] ?? 0);
  }
  await known.add(trees);
  expect(doubles(kernels, raw, rows * 2)).toEqual(wanted);
});
