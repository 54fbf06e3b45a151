import { type Kernels, type Pointer, allocate, doubles, integers } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';

/** A balanced k-d tree in the engine's memory, as `assembly/neighbours.ts` tells. */
export type Tree = { boxes: Pointer; leaves: number; leafStarts: Pointer; ids: Pointer; points: Pointer; lanes: number; depth: number };

const ROWS_A_LEAF = 32;
/** Numbers that are looked at between two pauses, about. */
const NUMBERS_A_STRETCH = 2 ** 20;

/** Depth and lanes of the tree of so many rows. */
export function treeShape(rows: number): { depth: number; leaves: number; lanes: number } {
  let depth = 0;
  while (rows > ROWS_A_LEAF * 2 ** depth) depth += 1;
  const leaves = 2 ** depth;
  return { depth, leaves, lanes: Math.ceil(Math.ceil(rows / leaves) / 4) * 4 };
}

/** Halves the rows at the median of the column in which they reach farthest, down to the leaves. design: [rows, width]. */
export function buildTree(kernels: Kernels, design: Float64Array, width: number): Tree {
  const steps = growTree(kernels, design, width);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same tree as {@link buildTree}, in short stretches. @throws EngineError ABORTED */
export async function openTree({ kernels, design, width, pause }: { kernels: Kernels; design: Float64Array; width: number; pause: Pause }): Promise<Tree> {
  const steps = growTree(kernels, design, width);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}

function* growTree(kernels: Kernels, design: Float64Array, width: number): Generator<undefined, Tree> {
  const rows = design.length / width;
  const { depth, leaves, lanes } = treeShape(rows);
  const tree: Tree = {
    depth, leaves, lanes,
    boxes: allocate(kernels, (2 * leaves - 1) * width * 16),
    leafStarts: allocate(kernels, (leaves + 1) * 4),
    ids: allocate(kernels, rows * 4),
    points: allocate(kernels, leaves * lanes * width * 8),
  };
  const boxes = doubles(kernels, tree.boxes, (2 * leaves - 1) * width * 2);
  const ids = integers(kernels, tree.ids, rows);
  for (let row = 0; row < rows; row += 1) ids[row] = row;
  const stretch = Math.max(1, Math.floor(NUMBERS_A_STRETCH / width));
  for (let level = 0; level <= depth; level += 1) {
    const nodes = 2 ** level;
    for (let index = 0; index < nodes; index += 1) {
      const bounds: Bounds = { first: startOf(rows, index, nodes), last: startOf(rows, index + 1, nodes) };
      const box = boxes.subarray((nodes - 1 + index) * width * 2, (nodes + index) * width * 2);
      box.fill(Infinity, 0, width).fill(-Infinity, width);
      for (let { first } = bounds; first < bounds.last; first += stretch) {
        widen({ design, width, ids, bounds: { first, last: Math.min(bounds.last, first + stretch) }, box });
        yield;
      }
      if (level < depth) yield* select({ design, width, ids, column: widestOf(box, width), bounds, middle: startOf(rows, 2 * index + 1, 2 * nodes) });
    }
  }
  yield* fillLeaves({ kernels, design, width, tree, ids });
  return tree;
}

type Bounds = { first: number; last: number };

function startOf(rows: number, index: number, nodes: number): number {
  return Math.floor((rows * index) / nodes);
}

/** Widens a box to hold some more rows: the least values, then the greatest. */
function widen({ design, width, ids, bounds, box }: { design: Float64Array; width: number; ids: Int32Array; bounds: Bounds; box: Float64Array }): void {
  for (let index = bounds.first; index < bounds.last; index += 1) {
    const at = (ids[index] ?? 0) * width;
    for (let column = 0; column < width; column += 1) {
      const value = design[at + column] ?? 0;
      if (value < (box[column] ?? 0)) box[column] = value;
      if (value > (box[width + column] ?? 0)) box[width + column] = value;
    }
  }
}

/** The column in which a box is widest. */
function widestOf(box: Float64Array, width: number): number {
  let widest = 0;
  for (let column = 1; column < width; column += 1) if (extent(box, width, column) > extent(box, width, widest)) widest = column;
  return widest;
}

function extent(box: Float64Array, width: number, column: number): number {
  return (box[width + column] ?? 0) - (box[column] ?? 0);
}

type Column = { design: Float64Array; width: number; ids: Int32Array; column: number };

/** Hoare's selection: afterwards no row before `middle` has a greater value in the column than those from there on. */
function* select({ bounds, middle, ...column }: Column & { bounds: Bounds; middle: number }): Generator<undefined, void> {
  let low = bounds.first;
  let high = bounds.last - 1;
  while (low < high) {
    const { left, right } = partition(column, low, high);
    if (middle <= right) high = right;
    else if (middle >= left) low = left;
    else return;
    yield;
  }
}

/** Rows from `left` on are not below the pivot, those up to `right` not above. In no generator: there each number that is read is an object, and stays until the collector comes. */
function partition({ design, width, ids, column }: Column, low: number, high: number): { left: number; right: number } {
  const pivot = design[(ids[(low + high) >> 1] as number) * width + column] as number;
  let left = low;
  let right = high;
  while (left <= right) {
    while ((design[(ids[left] as number) * width + column] as number) < pivot) left += 1;
    while ((design[(ids[right] as number) * width + column] as number) > pivot) right -= 1;
    if (left > right) break;
    const id = ids[left] as number;
    ids[left] = ids[right] as number;
    ids[right] = id;
    left += 1;
    right -= 1;
  }
  return { left, right };
}

function* fillLeaves({ kernels, design, width, tree, ids }: { kernels: Kernels; design: Float64Array; width: number; tree: Tree; ids: Int32Array }): Generator<undefined, void> {
  const { leaves, lanes } = tree;
  const rows = ids.length;
  const starts = integers(kernels, tree.leafStarts, leaves + 1);
  const points = doubles(kernels, tree.points, leaves * lanes * width).fill(Infinity);
  for (let leaf = 0; leaf <= leaves; leaf += 1) starts[leaf] = startOf(rows, leaf, leaves);
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    if (leaf % 256 === 255) yield;
    fillLeaf({ design, width, lanes, ids: ids.subarray(starts[leaf], starts[leaf + 1]), points: points.subarray(leaf * width * lanes, (leaf + 1) * width * lanes) });
  }
}

/** A leaf's rows, column by column. */
function fillLeaf({ design, width, lanes, ids, points }: { design: Float64Array; width: number; lanes: number; ids: Int32Array; points: Float64Array }): void {
  for (let lane = 0; lane < ids.length; lane += 1) {
    const at = (ids[lane] as number) * width;
    for (let column = 0; column < width; column += 1) points[column * lanes + lane] = design[at + column] as number;
  }
}
