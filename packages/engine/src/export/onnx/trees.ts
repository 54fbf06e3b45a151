import { type TreeArrays, readTreeBody } from '../../algorithms/trees/treeBody.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import { ML } from './design.ts';
import type { Family } from './family.ts';
import { type GraphBuilder, doubleTensor, uint8Tensor } from './graph.ts';
import { dataType } from './onnxSchema.ts';

/** Gradient boosting: tree t adds to score t modulo the scores; one score is a number or, through the sigmoid, the second class's chance. */
export const boosting: Family = (graph, design, { body, classes, features, task }) => {
  const sums = classes.length > 2 ? classes.length : 1;
  const { base, trees } = readTreeBody(body, { width: designWidth(features), base: sums, valuesOfLeaf: 1 });
  const sum = addTrees(graph, design, trees, { targets: sums, targetOf: (tree) => tree % sums, valueOf: (tree, node) => tree.values[node] ?? 0 });
  const raw = graph.add('Add', [sum, graph.doubles(base, [sums])]);
  if (task === 'regression') return raw;
  const along = { attributes: { axis: { int: 1 } } };
  if (sums > 1) return graph.add('Softmax', [raw], along);
  return graph.add('Concat', [graph.add('Sigmoid', [graph.add('Neg', [raw])]), graph.add('Sigmoid', [raw])], along);
};

type TreeOutputs = { targets: number; targetOf: (index: number) => number; valueOf: (tree: TreeArrays, node: number, index: number) => number };

/** An operator's arrays: splits only; where `trueLeaf` is 1, `trueAt` is the place of a leaf. */
type Arrays = { column: number[]; split: number[]; missing: number[]; trueAt: number[]; trueLeaf: number[]; falseAt: number[]; falseLeaf: number[]; target: number[]; value: number[] };

/**
 * The sum of the leaves' values, [rows, targets], by one TreeEnsemble in doubles: thresholds are those that training
 * found, so each row goes the way that it goes here. Source: ai.onnx.ml TreeEnsemble, version 5.
 */
export function addTrees(graph: GraphBuilder, design: string, trees: readonly TreeArrays[], outputs: TreeOutputs): string {
  const arrays: Arrays = { column: [], split: [], missing: [], trueAt: [], trueLeaf: [], falseAt: [], falseLeaf: [], target: [], value: [] };
  const roots = trees.map((tree, index) => appendTree(arrays, tree, (node) => [outputs.targetOf(index), outputs.valueOf(tree, node, index)]));
  const { column, split, missing, trueAt, trueLeaf, falseAt, falseLeaf, target, value } = arrays;
  return graph.add('TreeEnsemble', [design], {
    domain: ML,
    attributes: {
      aggregate_function: { int: 1 }, post_transform: { int: 0 }, n_targets: { int: outputs.targets }, tree_roots: { ints: roots },
      nodes_featureids: { ints: column }, nodes_splits: { tensor: doubleTensor(split, [split.length]) }, nodes_modes: { tensor: uint8Tensor(split.map(() => 0), [split.length]) },
      nodes_missing_value_tracks_true: { ints: missing },
      nodes_truenodeids: { ints: trueAt }, nodes_trueleafs: { ints: trueLeaf }, nodes_falsenodeids: { ints: falseAt }, nodes_falseleafs: { ints: falseLeaf },
      leaf_targetids: { ints: target }, leaf_weights: { tensor: doubleTensor(value, [value.length]) },
    },
  });
}

/** Returns the root's place. A tree that is a leaf becomes a split with that leaf on both sides: the operator knows splits only as roots. */
function appendTree(arrays: Arrays, tree: TreeArrays, leafOf: (node: number) => [number, number]): number {
  const places: number[] = [];
  const isLeaf = (node: number): boolean => (tree.column[node] ?? -1) < 0;
  const root = arrays.column.length;
  for (let node = 0, splits = root; node < tree.column.length; node += 1) {
    places.push(isLeaf(node) ? arrays.target.length : splits++);
    if (!isLeaf(node)) continue;
    const [target, value] = leafOf(node);
    arrays.target.push(target);
    arrays.value.push(value);
  }
  const append = (node: number, left: number, right: number): void => {
    arrays.column.push(Math.max(0, tree.column[node] ?? 0));
    arrays.split.push(tree.threshold[node] ?? 0);
    arrays.missing.push(tree.missingLeft[node] ?? 0);
    arrays.trueAt.push(places[left] ?? 0);
    arrays.trueLeaf.push(isLeaf(left) ? 1 : 0);
    arrays.falseAt.push(places[right] ?? 0);
    arrays.falseLeaf.push(isLeaf(right) ? 1 : 0);
  };
  if (isLeaf(0)) append(0, 0, 0);
  for (let node = 0; node < tree.column.length; node += 1) if (!isLeaf(node)) append(node, tree.left[node] ?? 0, tree.right[node] ?? 0);
  return root;
}

/** A decision tree or a random forest: the mean of the trees' leaves. */
export const forest: Family = (graph, design, { body, classes, features }) => {
  const valuesOfLeaf = classes.length > 2 ? classes.length : 1;
  const { trees } = readTreeBody(body, { width: designWidth(features), base: 0, valuesOfLeaf });
  const sum = valuesOfLeaf > 1 ? addWideTrees(graph, design, trees, valuesOfLeaf) : addTrees(graph, design, trees, { targets: 1, targetOf: () => 0, valueOf: (tree, node) => tree.values[node] ?? 0 });
  const mean = graph.add('Div', [sum, graph.doubles([trees.length], [1])]);
  if (classes.length !== 2) return mean;
  return graph.add('Concat', [graph.add('Sub', [graph.doubles([1], [1]), mean]), mean], { attributes: { axis: { int: 1 } } });
};

/**
 * Sums of leaves of several values: the operator finds each tree's leaf by its number, and a table has the values. They are
 * added tree by tree, as here, so that classes that tie here tie there: a mean over the trees may add in another order.
 */
function addWideTrees(graph: GraphBuilder, design: string, trees: readonly TreeArrays[], valuesOfLeaf: number): string {
  const values: number[] = [];
  const numbers = trees.map((tree) => Array.from(tree.column, (column, node) => {
    if (column >= 0) return 0;
    values.push(...tree.values.subarray(node * valuesOfLeaf, (node + 1) * valuesOfLeaf));
    return values.length / valuesOfLeaf - 1;
  }));
  const leaves = addTrees(graph, design, trees, { targets: trees.length, targetOf: (index) => index, valueOf: (_, node, index) => numbers[index]?.[node] ?? 0 });
  const table = graph.doubles(values, [values.length / valuesOfLeaf, valuesOfLeaf]);
  const found = graph.add('Gather', [table, graph.add('Cast', [leaves], { attributes: { to: { int: dataType.int64 } } })]);
  const sums = graph.add('CumSum', [found, graph.int64s([1], [])]);
  return graph.add('Gather', [sums, graph.int64s([trees.length - 1], [])], { attributes: { axis: { int: 1 } } });
}
