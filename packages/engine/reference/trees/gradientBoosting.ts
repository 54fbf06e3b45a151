import { type Grown, writeBase, writeGrown } from '../../src/algorithms/trees/boosting/boostStates.ts';
import { type Tree, type TreeNode, writeTrees } from '../../src/algorithms/trees/treeBody.ts';
import { boostingSettings } from './boostingSettings.ts';
import type { Data, Learner, State } from '../learner.ts';
import { exp } from '../math.ts';
import { hashRank } from '../split.ts';
import { binOf, thresholdsOf } from './bins.ts';
import { type Leaf, type Limits, type Split, bestSplit, leafValue, splitLeaf } from './boostTree.ts';
import { type Rows, baseOf, derivativesOf, sumLosses } from './objective.ts';

/** Histogram gradient boosting: each tree is grown leaf by leaf, the best split first. */
export const gradientBoosting: Learner = (data) => {
  const settings = boostingSettings(data);
  const rows = rowsOf(data, settings);
  const outputs = rows.kind === 'softmax' ? data.classes : 1;
  const thresholds = (data.rows[0] ?? []).map((_, column) => thresholdsOf(data.rows.map((row) => row[column] ?? 0), settings.maxBins));
  const table = { thresholds, held: rows.held, bins: data.rows.map((row) => row.map((value, column) => binOf(value, thresholds[column] ?? []))) };
  const limits: Limits = { ...settings, signs: settings.signs.length === 1 ? thresholds.map(() => settings.signs[0] ?? 0) : settings.signs };
  const base = baseOf(rows);
  const raw = data.rows.map(() => [...base]);
  const states: State[] = [];
  const trees: Tree[] = [];
  const scores: number[] = [];
  const totals = { fit: 0, held: 0 };
  for (const [row, weight] of rows.weights.entries()) totals[rows.held[row] === true ? 'held' : 'fit'] += weight;
  let loss = 0;
  let converged = false;
  const evaluate = (): void => {
    const sums = sumLosses(rows, raw);
    loss = sums.fit / totals.fit;
    if (!settings.stops) return;
    scores.push(rows.held.includes(true) ? sums.held / totals.held : loss);
    converged = hasStalled(scores, settings);
  };
  const isOver = (): boolean => converged || states.length > data.maxSteps;
  evaluate();
  states.push({ loss, kept: writeBase(base) });
  while (!isOver() && trees.length < settings.iterations * outputs) {
    const begun = structuredClone(raw);
    for (let output = 0; output < outputs && states.length <= data.maxSteps; output += 1) {
      const nodes: TreeNode[] = [];
      const grown = growTree({ table, limits, nodes, derivatives: derivativesOf(rows, { raw, begun, output }), most: data.maxSteps + 1 - states.length });
      const tree = nodes.map((node): TreeNode => ('values' in node ? { values: node.values.map((value) => value * settings.rate) } : node));
      trees.push(tree);
      if (grown.done) {
        for (const [row, scoresOfRow] of raw.entries()) scoresOfRow[output] = (scoresOfRow[output] ?? 0) + (leafOf(tree, data.rows[row] ?? [])[0] ?? 0);
      }
      // The last step of an iteration tells what it brought.
      for (const step of grown.steps.slice(0, -1)) states.push({ loss, kept: writeGrown(step) });
      if (grown.done && output === outputs - 1) evaluate();
      for (const step of grown.steps.slice(-1)) states.push({ loss, kept: writeGrown(step) });
    }
  }
  return { states, converged, body: writeTrees({ base, valuesOfLeaf: 1, trees }), predict: (row) => predict(row, { data, base, trees, outputs }) };
};

/** The steps of one tree, at most `most`; done when no more follows. */
function growTree({ table, limits, nodes, derivatives, most }: { table: Parameters<typeof bestSplit>[0]; limits: Limits; nodes: TreeNode[]; derivatives: ReturnType<typeof derivativesOf>; most: number }): { steps: Grown[]; done: boolean } {
  const root: Leaf = { node: 0, depth: 0, rows: table.bins.map((_, row) => row), low: -Infinity, high: Infinity };
  const value = leafValue(table, root, derivatives, limits);
  nodes.push({ values: [value] });
  const fitRows = (leaf: Leaf): number => leaf.rows.filter((row) => table.held[row] !== true).length;
  const search = (leaf: Leaf): { leaf: Leaf; split: Split }[] => {
    if (leaf.depth >= limits.mostDepth || (leaf.depth > 0 && fitRows(leaf) < 2 * limits.leastRows)) return [];
    const split = bestSplit(table, leaf, derivatives, limits);
    return split === null ? [] : [{ leaf, split }];
  };
  let open = search(root);
  if (open.length === 0) return { steps: [{ node: null, value }], done: true };
  const steps: Grown[] = [];
  for (;;) {
    const best = open.reduce((a, b) => (b.split.gain > a.split.gain || (b.split.gain === a.split.gain && b.leaf.node < a.leaf.node) ? b : a));
    const children = splitLeaf(table, nodes, best.leaf, best.split, limits);
    const full = (nodes.length + 1) / 2 >= limits.mostLeaves;
    open = [...open.filter((one) => one !== best), ...(full ? [] : children.flatMap(search))];
    const closes = full || open.length === 0;
    const { gain: _, ...split } = best.split;
    steps.push({ node: best.leaf.node, ...split, closes });
    if (closes) return { steps, done: true };
    if (steps.length === most) return { steps, done: false };
  }
}

function rowsOf(data: Data, settings: ReturnType<typeof boostingSettings>): Rows {
  const { targets, classes } = data;
  const drawn = targets.map((_, row) => settings.stops && Number(hashRank(settings.seed, row) >> 32n) / 2 ** 32 < settings.fraction);
  const held = drawn.includes(false) ? drawn : drawn.map(() => false);
  const count = (own: number): number => targets.filter((target) => target === own).length;
  const factor = (target: number): number => (settings.balanced && classes > 0 ? targets.length / (classes * count(target)) : 1);
  return {
    targets, held, classes,
    weights: targets.map((target, row) => (data.weights?.[row] ?? 1) * factor(target)),
    weighted: data.weights !== null || (settings.balanced && classes > 0),
    kind: classes === 0 ? 'squared' : classes === 2 ? 'logistic' : 'softmax',
  };
}

function hasStalled(scores: number[], { patience, tolerance }: { patience: number; tolerance: number }): boolean {
  const before = scores.at(-patience - 1);
  return before !== undefined && scores.slice(-patience).every((score) => !(score < before - tolerance));
}

/** The values of the leaf to which a row comes. */
export function leafOf(tree: Tree, row: number[]): readonly number[] {
  let node = tree[0];
  while (node !== undefined && !('values' in node)) {
    const value = row[node.column] ?? 0;
    node = tree[(Number.isNaN(value) ? node.missingLeft : value <= node.threshold) ? node.left : node.right];
  }
  return node?.values ?? [];
}

function predict(row: number[], { data, base, trees, outputs }: { data: Data; base: number[]; trees: Tree[]; outputs: number }): number[] {
  const raw = [...base];
  for (const [index, tree] of trees.entries()) raw[index % outputs] = (raw[index % outputs] ?? 0) + (leafOf(tree, row)[0] ?? 0);
  if (data.classes === 0) return raw;
  if (data.classes === 2) {
    const margin = raw[0] ?? 0;
    const big = 1 / (1 + exp(-Math.abs(margin)));
    const small = exp(-Math.abs(margin)) * big;
    return margin >= 0 ? [small, big] : [big, small];
  }
  const most = Math.max(...raw);
  const powers = raw.map((score) => exp(score - most));
  let sum = 0;
  for (const power of powers) sum += power;
  return powers.map((power) => power / sum);
}
