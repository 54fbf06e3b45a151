import { type Kernels, type Pointer, allocate, doubles } from '../../kernels/index.ts';
import { type CutForest, cutForest } from './cutForest.ts';
import { SMALL_BLOCK, SMALL_TREES, type SmallTree, smallTreeBytes, writeSmallTrees } from './smallTrees.ts';
import type { Trees } from './treeBody.ts';

/** A multiple of the block in which rows go through a small tree. */
const ROWS_A_CALL = 4_096;
/** Rows that go through some trees before the next ones do: their bins stay near the processor. */
const ROWS_AT_ONCE = 1_024;
const LEAF = 0xffff_ffff;

type Parameters = {
  kernels: Kernels; forest: Trees; width: number;
  /** Which output a tree adds to; leaves of several values add to all. */
  outputOf: (tree: number) => number;
  sums: number; outputs: number;
  /** Turns sums [rows, sums] into outputs [rows, outputs]; it may answer with its first argument. */
  link: (raw: Pointer, out: Pointer, rows: number) => Pointer;
};

/** Writes trees to the engine's memory; the sum of the leaves' values of a row, tree by tree, then goes through `link`. `byNode`: asks each row at each node, whatever the trees are. */
export function treeForest(parameters: Parameters, { byNode = false } = {}): (design: Float64Array, rows: number) => Float64Array {
  const { kernels, forest, width, sums, outputs, link } = parameters;
  const design = allocate(kernels, ROWS_A_CALL * width * 8);
  const raw = allocate(kernels, ROWS_A_CALL * sums * 8);
  const out = allocate(kernels, ROWS_A_CALL * outputs * 8);
  const cut = byNode || forest.valuesOfLeaf > 1 || width * ROWS_A_CALL >= 2 ** 32 ? undefined : cutForest(forest.trees, width);
  const addTrees = cut === undefined ? openNodes(parameters, design, raw) : openCuts(parameters, cut, design, raw);
  const base = Float64Array.from({ length: ROWS_A_CALL * sums }, (_, index) => forest.base[index % sums] ?? 0);
  return (rows, count) => {
    const all = new Float64Array(count * outputs);
    for (let first = 0; first < count; first += ROWS_A_CALL) {
      const taken = Math.min(ROWS_A_CALL, count - first);
      doubles(kernels, design, taken * width).set(rows.subarray(first * width, (first + taken) * width));
      doubles(kernels, raw, taken * sums).set(base.subarray(0, taken * sums));
      addTrees(taken);
      all.set(doubles(kernels, link(raw, out, taken), taken * outputs), first * outputs);
    }
    return all;
  };
}

/** Adds all trees for so many rows, node by node. */
function openNodes({ kernels, forest, width, sums, outputOf }: Parameters, design: Pointer, raw: Pointer): (rows: number) => void {
  const { nodes, values, roots } = writeNodes(kernels, forest);
  return (rows) => {
    for (const [tree, root] of roots.entries()) {
      if (forest.valuesOfLeaf === 1) kernels.addTree(nodes, root, design, width, rows, raw, sums, outputOf(tree));
      else kernels.addTreeValues(nodes, root, values, design, width, rows, raw, sums);
    }
  };
}

/** Adds all trees for so many rows, a block of them going through all splits of a tree at once. */
function openCuts({ kernels, width, sums, outputOf }: Parameters, forest: CutForest, design: Pointer, raw: Pointer): (rows: number) => void {
  const stride = (width + 3) & ~3;
  const cuts = allocate(kernels, forest.cuts.byteLength);
  doubles(kernels, cuts, forest.cuts.length).set(forest.cuts);
  // Sums of different outputs are different sums: each grows in the order of its trees.
  const groups = Array.from({ length: sums }, (_, output) => forest.trees.filter((__, tree) => outputOf(tree) === output))
    .flatMap((trees, output) => piecesOf(trees, SMALL_TREES).map((own) => ({ output, count: own.length, pointer: writeTo(kernels, own) })));
  const [lines, columns, scratch] = [ROWS_A_CALL * stride, ROWS_A_CALL * width, SMALL_TREES * SMALL_BLOCK].map((bytes) => allocate(kernels, bytes)) as [number, number, number];
  return (rows) => {
    kernels.binRows(design, width, cuts, lines, stride, columns, ROWS_A_CALL, 0, rows);
    for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
      for (const { output, count, pointer } of groups) kernels.addSmallTrees(pointer, count, scratch, columns, raw, sums, output, first, Math.min(rows, first + ROWS_AT_ONCE));
    }
  };
}

function piecesOf<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, piece) => list.slice(piece * length, (piece + 1) * length));
}

function writeTo(kernels: Kernels, trees: readonly SmallTree[]): Pointer {
  const pointer = allocate(kernels, trees.reduce((sum, { values }) => sum + smallTreeBytes(values.length), 0) + 8);
  const bytes = writeSmallTrees(trees, pointer, ROWS_A_CALL);
  new Uint8Array(kernels.memory.buffer, pointer, bytes.length).set(bytes);
  return pointer;
}

/** All trees' nodes, one tree after the other, as `assembly/trees/predict.ts` reads them. */
function writeNodes(kernels: Kernels, { trees, valuesOfLeaf }: Trees): { nodes: Pointer; values: Pointer; roots: number[] } {
  const count = trees.reduce((sum, { column }) => sum + column.length, 0);
  const leaves = trees.reduce((sum, { column }) => sum + (column.length + 1) / 2, 0);
  const nodes = allocate(kernels, count * 16 || 16);
  const values = valuesOfLeaf === 1 ? 0 : allocate(kernels, leaves * valuesOfLeaf * 8 || 8);
  const view = new DataView(kernels.memory.buffer, nodes, count * 16);
  const table = valuesOfLeaf === 1 ? new Float64Array() : doubles(kernels, values, leaves * valuesOfLeaf);
  const roots: number[] = [];
  let at = 0;
  let leaf = 0;
  for (const tree of trees) {
    const root = at;
    roots.push(root);
    for (let node = 0; node < tree.column.length; node += 1, at += 1) {
      const column = tree.column[node] ?? 0;
      if (column < 0 && valuesOfLeaf > 1) table.set(tree.values.subarray(node * valuesOfLeaf, (node + 1) * valuesOfLeaf), leaf * valuesOfLeaf);
      const value = column >= 0 ? tree.threshold[node] : valuesOfLeaf === 1 ? tree.values[node] : leaf++;
      view.setFloat64(at * 16, value ?? 0, true);
      view.setUint32(at * 16 + 8, column < 0 ? LEAF : column + (tree.missingLeft[node] === 1 ? 0x8000_0000 : 0), true);
      view.setUint32(at * 16 + 12, root + (tree.right[node] ?? 0), true);
    }
  }
  return { nodes, values, roots };
}
