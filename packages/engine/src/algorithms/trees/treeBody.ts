import { badModel } from '../../model/body.ts';

/** A tree as training makes it; node 0 is the root. A leaf's values have the length that its model's leaves have. */
export type TreeNode = { column: number; threshold: number; missingLeft: boolean; left: number; right: number } | { values: readonly number[] };
export type Tree = readonly TreeNode[];

/** Trees in arrays by node, the root first and every left child right after its parent. */
export type TreeArrays = {
  /** Design column, -1 for a leaf. */
  column: Int32Array;
  /** A design value of at most this goes left. 0 for a leaf. */
  threshold: Float64Array;
  /** 1 where a missing number goes left. */
  missingLeft: Uint8Array;
  /** Node indices; 0 for a leaf. */
  left: Int32Array;
  right: Int32Array;
  /** [nodes, valuesOfLeaf]; 0 for a split. */
  values: Float64Array;
};

/** What a body of trees holds. The outputs are base + the sum of the leaves' values (boosting), or their mean. */
export type Trees = { base: number[]; valuesOfLeaf: number; trees: TreeArrays[] };

const LEAF = 0xffff_ffff;
const MISSING_LEFT = 0x8000_0000;

/**
 * Body: u32 trees, u32 base values, u32 values of a leaf, f64 base values; then each tree's nodes, a parent before its
 * left child's nodes, those before its right child's. A split: u32 column (bit 31 set where missing goes left) and f64
 * threshold. A leaf: u32 2^32 - 1 and its f64 values.
 */
export function writeTrees({ base, valuesOfLeaf, trees }: { base: readonly number[]; valuesOfLeaf: number; trees: readonly Tree[] }): Uint8Array {
  const bytes = new Uint8Array(12 + base.length * 8 + trees.reduce((sum, tree) => sum + tree.reduce((all, node) => all + 4 + ('values' in node ? valuesOfLeaf * 8 : 8), 0), 0));
  const view = new DataView(bytes.buffer);
  for (const [index, value] of [trees.length, base.length, valuesOfLeaf].entries()) view.setUint32(index * 4, value, true);
  let at = 12;
  const put = (value: number): void => {
    view.setFloat64(at, value, true);
    at += 8;
  };
  base.forEach(put);
  for (const tree of trees) {
    const open = [0];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const own = tree[node];
      if (own === undefined) throw new TypeError(`The tree has no node ${node}`);
      const leaf = 'values' in own;
      view.setUint32(at, leaf ? LEAF : own.missingLeft ? own.column + MISSING_LEFT : own.column, true);
      at += 4;
      if (leaf) own.values.forEach(put);
      else {
        put(own.threshold);
        open.push(own.right, own.left);
      }
    }
  }
  return bytes;
}

/**
 * Reads what {@link writeTrees} writes. `base` and `valuesOfLeaf` are what the algorithm asks for.
 *
 * @throws EngineError BAD_MODEL
 */
export function readTreeBody(body: Uint8Array, shape: { width: number; base: number; valuesOfLeaf: number }): Trees {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const { width, valuesOfLeaf } = shape;
  if (body.length < 12 + shape.base * 8) throw badModel('is cut off before its trees');
  const [count, bases, perLeaf] = [0, 4, 8].map((at) => view.getUint32(at, true));
  if (bases !== shape.base || perLeaf !== valuesOfLeaf) throw badModel('has other outputs than its header asks for');
  const base = Array.from({ length: shape.base }, (_, index) => finiteAt(view, 12 + index * 8));
  const trees: TreeArrays[] = [];
  let at = 12 + shape.base * 8;
  for (let tree = 0; tree < (count ?? 0); tree += 1) {
    const end = endOfTree(view, at, valuesOfLeaf);
    trees.push(readTree(view, { at, nodes: end.nodes, width, valuesOfLeaf }));
    at = end.at;
  }
  if (at !== body.length) throw badModel(`has a body of ${body.length} bytes, its trees take ${at}`);
  return { base, valuesOfLeaf, trees };
}

/** A body of trees whose bytes are there already. */
export function joinTrees({ valuesOfLeaf, trees }: { valuesOfLeaf: number; trees: readonly Uint8Array[] }): Uint8Array {
  const bytes = new Uint8Array(12 + trees.reduce((sum, tree) => sum + tree.length, 0));
  const view = new DataView(bytes.buffer);
  for (const [index, value] of [trees.length, 0, valuesOfLeaf].entries()) view.setUint32(index * 4, value, true);
  let at = 12;
  for (const tree of trees) {
    bytes.set(tree, at);
    at += tree.length;
  }
  return bytes;
}

/** @throws EngineError BAD_MODEL unless the bytes are one tree */
export function checkTreeBytes(tree: Uint8Array, { width, valuesOfLeaf }: { width: number; valuesOfLeaf: number }): void {
  readTreeBody(joinTrees({ valuesOfLeaf, trees: [tree] }), { width, base: 0, valuesOfLeaf });
}

/** Where the nodes of a tree end: when every split has had its two children. */
function endOfTree(view: DataView, start: number, valuesOfLeaf: number): { at: number; nodes: number } {
  let at = start;
  let nodes = 0;
  for (let open = 1; open > 0; nodes += 1) {
    if (at + 12 > view.byteLength) throw badModel('is cut off inside a tree');
    const leaf = view.getUint32(at, true) === LEAF;
    open += leaf ? -1 : 1;
    at += 4 + (leaf ? valuesOfLeaf : 1) * 8;
    if (at > view.byteLength) throw badModel('is cut off inside a tree');
  }
  return { at, nodes };
}

function readTree(view: DataView, { at: start, nodes, width, valuesOfLeaf }: { at: number; nodes: number; width: number; valuesOfLeaf: number }): TreeArrays {
  const tree: TreeArrays = {
    column: new Int32Array(nodes), threshold: new Float64Array(nodes), missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes), right: new Int32Array(nodes), values: new Float64Array(nodes * valuesOfLeaf),
  };
  // Splits whose left side is being read.
  const open: number[] = [];
  let at = start;
  for (let node = 0; node < nodes; node += 1) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === LEAF) {
      for (let index = 0; index < valuesOfLeaf; index += 1, at += 8) tree.values[node * valuesOfLeaf + index] = finiteAt(view, at);
      tree.column[node] = -1;
      const parent = open.pop();
      if (parent !== undefined) tree.right[parent] = node + 1;
      continue;
    }
    const column = word & 0x7fff_ffff;
    if (column >= width) throw badModel(`splits by column ${column} of ${width}`);
    tree.column[node] = column;
    tree.missingLeft[node] = word >>> 31;
    tree.threshold[node] = finiteAt(view, at);
    tree.left[node] = node + 1;
    open.push(node);
    at += 8;
  }
  return tree;
}

function finiteAt(view: DataView, at: number): number {
  const value = view.getFloat64(at, true);
  if (Number.isFinite(value)) return value;
  throw badModel('holds a number that is not finite');
}
