import type { Pointer } from '../../../kernels/index.ts';
import { badCheckpoint } from '../../../run/checkpoint.ts';
import type { Op } from '../../../team/ops.ts';
import type { Start } from '../../algorithm.ts';
import { type Bins, createBins, ownParts, thresholdOf } from '../bins.ts';
import type { Tree, TreeNode } from '../treeBody.ts';
import { type Grown, readGrown, writeGrown } from './boostStates.ts';
import { type Histograms, type Search, type Split, createHistograms } from './histograms.ts';
import { type LeafHeap, createLeafHeap } from './leafHeap.ts';
import { type KnownSplit, type KnownTree, type KnownTrees, createKnownTrees } from './knownTrees.ts';
import { type Objective, createObjective } from './objective.ts';
import { type Settings, settingsOf } from './settings.ts';

/** A leaf that can be split. */
type Leaf = { node: number; gain: number; split: Split; slot: number; depth: number; low: number; high: number };

/** The tree under way. Values are those before the learning rate. */
type Open = { nodes: TreeNode[]; leaves: LeafHeap<Leaf>; count: number; splits: KnownSplit[]; /** Whether rows are parted as it is split. */ parts: boolean };

/** What is to be known of a tree that is opened: nothing where it is known whole, derivatives where its first splits are, the root's split. */
type Opening = 'nothing' | 'derivatives' | 'split';

/** Gradient boosting at some step. */
export type Booster = {
  start: Start;
  settings: Settings;
  bins: Bins;
  objective: Objective;
  histograms: Histograms;
  known: KnownTrees;
  memory: { ranges: Pointer[]; heldRanges: Pointer[]; order: Pointer[]; scratch: Pointer[] };
  step: number;
  loss: number;
  /** Loss of the rows held out (or of all) before the first iteration and after each. */
  scores: number[];
  converged: boolean;
  trees: Tree[];
  /** The last ones of them, as far as their scores are still to be added. */
  pending: KnownTree[];
  /** Null once there are as many trees as asked for. */
  open: Open | null;
  last: Grown | null;
  /** What the steps added, as states hold it. */
  made: Uint8Array[];
};

/** Stands before the first step, or after the one whose states are given. */
export async function createBooster(start: Start, states: readonly Uint8Array[]): Promise<Booster> {
  const { problem, team, pause } = start;
  const settings = settingsOf(problem);
  const bins = await createBins(start, { maxBins: settings.maxBins, shares: ownParts(team, problem.trainRows), byColumn: true });
  const objective = await createObjective(start, bins, settings);
  const nodes = mostNodes(settings, problem.trainRows);
  const rowsOf = (member: number): number => bins.shares[member]?.count ?? 0;
  const memory = {
    ranges: team.allocate(() => nodes * 8), heldRanges: team.allocate(() => nodes * 8),
    order: team.allocate((member) => rowsOf(member) * 4 || 8), scratch: team.allocate((member) => rowsOf(member) * 4 || 8),
  };
  team.call('setSplits', () => [objective.shift, settings.l2, settings.leastRows]);
  const histograms = createHistograms({ team, pause, bins, shift: objective.shift, gradients: objective.gradients, order: memory.order, ranges: memory.ranges, signs: settings.signs });
  const booster: Booster = { start, settings, bins, objective, histograms, known: createKnownTrees({ team, pause, bins, objective }), memory, step: 0, loss: 0, scores: [], converged: false, trees: [], pending: [], open: null, last: null, made: [] };
  await evaluate(booster);
  await regrow(booster, states);
  return booster;
}

/** Goes to the step whose states are given: on from here where they begin with what was made, else from the start. */
export async function resumeBooster(booster: Booster, states: readonly Uint8Array[]): Promise<void> {
  const { made, objective } = booster;
  if (!beginsWith(states, made)) {
    dropLeaves(booster);
    Object.assign(booster, { step: 0, loss: 0, scores: [], converged: false, trees: [], pending: [], open: null, last: null, made: [] });
    objective.reset();
    await evaluate(booster);
  }
  await regrow(booster, states);
}

/** Whether the states behind the first are these. Most are the same bytes in memory: an audit asks this of thousands at each segment. */
function beginsWith(states: readonly Uint8Array[], made: readonly Uint8Array[]): boolean {
  if (made.length >= Math.max(states.length, 1)) return false;
  for (let index = 0; index < made.length; index += 1) {
    const a = made[index] as Uint8Array;
    const b = states[index + 1] as Uint8Array;
    if (a !== b && !sameBytes(a, b)) return false;
  }
  return true;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function dropLeaves({ open, histograms }: Pick<Booster, 'open' | 'histograms'>): void {
  for (let leaf = open?.leaves.pop(); leaf !== undefined; leaf = open?.leaves.pop()) histograms.freeSlot(leaf.slot);
}

/** `bytes`: the step's state, where it is there. */
function remember(booster: Booster, grown: Grown, bytes: Uint8Array = writeGrown(grown)): void {
  booster.step += 1;
  booster.last = grown;
  booster.made.push(bytes);
  if (grown.node !== null) booster.open?.splits.push(grown);
}

/** Nodes of a tree at most. */
export function mostNodes({ mostLeaves, leastRows, mostDepth }: Pick<Settings, 'mostLeaves' | 'leastRows' | 'mostDepth'>, trainRows: number): number {
  const byDepth = mostDepth < 31 ? 2 ** mostDepth : Infinity;
  return 2 * Math.max(1, Math.min(mostLeaves, byDepth, Math.floor(trainRows / leastRows)));
}

/** One step: a split, or a tree of one leaf. False when training is over. */
export async function stepBooster(booster: Booster): Promise<boolean> {
  const { open } = booster;
  if (open === null || booster.converged) return false;
  const leaf = open.leaves.pop();
  if (leaf === undefined) {
    const [root] = open.nodes;
    remember(booster, { node: null, value: root !== undefined && 'values' in root ? (root.values[0] ?? 0) : 0 });
    await closeTree(booster, 'split');
    return true;
  }
  const { node, split } = leaf;
  const closes = await splitLeaf(booster, open, leaf);
  const { column, bin, missingLeft, leftRows, rightRows, leftValue, rightValue } = split;
  remember(booster, { node, column, bin, missingLeft, leftRows, rightRows, leftValue, rightValue, closes });
  if (closes) await closeTree(booster, 'split');
  return true;
}

/** Trees so far, the one under way as it is; leaves hold what they add to the raw score. */
export function treesOf({ trees, open, settings, step }: Booster): Tree[] {
  // A tree is under way once it has a split; the root alone was not made by a step.
  const begun = open !== null && open.nodes.length > 1 && step > 0;
  return begun ? [...trees, shrunk(open.nodes, settings.rate)] : trees;
}

function shrunk(nodes: readonly TreeNode[], rate: number): Tree {
  return nodes.map((node) => ('values' in node ? { values: [valueOf(node) * rate] } : node));
}

/** What a leaf adds. */
function valueOf(node: TreeNode): number {
  return 'values' in node ? (node.values[0] ?? 0) : 0;
}

async function evaluate(booster: Booster): Promise<void> {
  const { objective, settings, scores } = booster;
  await addPending(booster);
  const { fit, held } = await objective.evaluate();
  booster.loss = fit;
  if (settings.stopping === null) return;
  const holds = objective.fitRows.reduce((sum, rows) => sum + rows, 0) < booster.start.problem.trainRows;
  scores.push(holds ? held : fit);
  booster.converged = hasStalled(scores, settings.stopping);
}

/** Whether none of the last `patience` scores is better than the one before them by more than the tolerance, as in scikit-learn. */
function hasStalled(scores: readonly number[], { patience, tolerance }: { patience: number; tolerance: number }): boolean {
  const before = scores.at(-patience - 1);
  return before !== undefined && scores.slice(-patience).every((score) => !(score < before - tolerance));
}

/** Whether rows are led through trees that are known, without parting them at each split. */
function takesWhole({ known, settings, start: { problem } }: Booster): boolean {
  return known.takes(mostNodes(settings, problem.trainRows));
}

/** Opens the next tree. */
async function openTree(booster: Booster, opening: Opening): Promise<void> {
  const { start: { team, problem }, settings, objective, histograms, memory, bins, trees } = booster;
  if (trees.length === settings.iterations * objective.outputs || booster.converged) {
    booster.open = null;
    return;
  }
  const open: Open = { nodes: [{ values: [0] }], leaves: createLeafHeap<Leaf>(), count: 1, splits: [], parts: opening !== 'nothing' || !takesWhole(booster) };
  booster.open = open;
  const before = (member: number): Op[] => {
    const at = (list: readonly number[]): number => list[member] ?? 0;
    return [{ call: 'startTree', args: [at(objective.order), at(memory.order), at(memory.ranges), at(memory.heldRanges), at(objective.fitRows), bins.shares[member]?.count ?? 0] }];
  };
  if (opening !== 'nothing') await objective.differentiate(trees.length % objective.outputs);
  if (opening !== 'split') {
    if (open.parts) team.round(before);
    return;
  }
  const slot = histograms.takeSlot();
  const [found] = await histograms.complete({ before, node: 0, rows: problem.trainRows, slot, whole: null, searches: [{ slot, low: -Infinity, high: Infinity }] });
  open.nodes[0] = { values: [found?.value ?? 0] };
  if (found?.split != null && settings.mostLeaves > 1 && settings.mostDepth > 0) open.leaves.push({ node: 0, gain: found.split.gain, split: found.split, slot, depth: 0, low: -Infinity, high: Infinity });
  else histograms.freeSlot(slot);
}

/** Splits a leaf and searches its children. True when the tree is complete. */
async function splitLeaf(booster: Booster, open: Open, leaf: Leaf): Promise<boolean> {
  const { settings, histograms, start: { team } } = booster;
  const { node, split, slot, depth } = leaf;
  const left = open.nodes.length;
  addSplit(booster, open, node, split);
  const full = open.count >= settings.mostLeaves;
  const bounds = boundsOf(leaf, settings.signs[split.column] ?? 0);
  const children = [
    { node: left, rows: split.leftRows, ...bounds.left },
    { node: left + 1, rows: split.rightRows, ...bounds.right },
  ].map((child) => ({ ...child, splits: !full && depth + 1 < settings.mostDepth && child.rows >= 2 * settings.leastRows }));
  const before = (member: number): Op[] => partitionOps(booster, member, { node, left, split });
  if (!children.some(({ splits }) => splits)) {
    team.round(before);
    histograms.freeSlot(slot);
    return full || open.leaves.size === 0;
  }
  const small = split.leftRows <= split.rightRows ? 0 : 1;
  const smallSlot = histograms.takeSlot();
  const slotOf = (child: number): number => (child === small ? smallSlot : slot);
  const searched = children.map((child, index) => ({ ...child, slot: slotOf(index) })).filter(({ splits }) => splits);
  const found = await histograms.complete({
    before, node: left + small, rows: Math.min(split.leftRows, split.rightRows), slot: smallSlot, whole: slot,
    searches: searched.map(({ slot: own, low, high }): Search => ({ slot: own, low, high })),
  });
  const kept = new Set<number>();
  for (const [index, child] of searched.entries()) {
    const best = found[index]?.split ?? null;
    if (best === null) continue;
    kept.add(child.slot);
    open.leaves.push({ node: child.node, gain: best.gain, split: best, slot: child.slot, depth: depth + 1, low: child.low, high: child.high });
  }
  for (const own of [slot, smallSlot]) if (!kept.has(own)) histograms.freeSlot(own);
  return open.leaves.size === 0;
}

/** Below a column that must not fall (or rise), both sides stay apart at the middle of their values. Source: scikit-learn's grower.py. */
function boundsOf({ low, high, split }: { low: number; high: number; split: Pick<Split, 'leftValue' | 'rightValue'> }, sign: number): { left: { low: number; high: number }; right: { low: number; high: number } } {
  const middle = (split.leftValue + split.rightValue) / 2;
  if (sign > 0) return { left: { low, high: middle }, right: { low: middle, high } };
  if (sign < 0) return { left: { low: middle, high }, right: { low, high: middle } };
  return { left: { low, high }, right: { low, high } };
}

function addSplit({ bins }: Booster, open: Open, node: number, split: Pick<Split, 'column' | 'bin' | 'missingLeft' | 'leftValue' | 'rightValue'>): void {
  const { column, bin, missingLeft, leftValue, rightValue } = split;
  const left = open.nodes.length;
  open.nodes[node] = { column, threshold: thresholdOf(bins, column, bin), missingLeft, left, right: left + 1 };
  open.nodes.push({ values: [leftValue] }, { values: [rightValue] });
  open.count += 1;
}

function partitionOps({ memory, bins, objective }: Booster, member: number, { node, left, split }: { node: number; left: number; split: Pick<Split, 'column' | 'bin' | 'missingLeft'> }): Op[] {
  const at = (list: readonly number[]): number => list[member] ?? 0;
  const rows = bins.shares[member]?.count ?? 0;
  const part = (ranges: number): Op => ({
    call: 'partitionRows', args: [at(bins.columns), rows, at(memory.order), at(memory.scratch), ranges, node, left, split.column, split.bin, split.missingLeft ? 1 : 0],
  });
  return at(objective.fitRows) < rows ? [part(at(memory.ranges)), part(at(memory.heldRanges))] : [part(at(memory.ranges))];
}

/** Adds the tree to the raw scores, and opens the next one. */
async function closeTree(booster: Booster, next: Opening, evaluates = true): Promise<void> {
  const { open, objective, trees, settings, pending } = booster;
  if (open === null) return;
  dropLeaves(booster);
  const tree = shrunk(open.nodes, settings.rate);
  const output = trees.length % objective.outputs;
  if (open.parts) await addLeaves(booster, tree, output);
  else pending.push({ splits: open.splits, output, values: tree.map(valueOf) });
  trees.push(tree);
  if (trees.length % objective.outputs === 0 && evaluates) await evaluate(booster);
  await openTree(booster, next);
}

async function addPending({ known, pending }: Booster): Promise<void> {
  await known.add(pending.splice(0));
}

async function addLeaves(booster: Booster, tree: Tree, output: number): Promise<void> {
  const { objective, memory, bins, start: { team, pause } } = booster;
  await addPending(booster);
  const leaves = tree.flatMap((node, index) => ('values' in node ? [[index, node.values[0] ?? 0] as const] : []));
  const adds = (member: number, ranges: readonly Pointer[], pairs: typeof leaves): Op[] => pairs.map(([node, value]) => (
    { call: 'addLeaf', args: [objective.raw[member] ?? 0, objective.outputs, output, memory.order[member] ?? 0, ranges[member] ?? 0, node, value] }));
  for (let at = 0; at < leaves.length; at += 64) {
    const pairs = leaves.slice(at, at + 64);
    team.round((member) => [...adds(member, memory.ranges, pairs), ...((objective.fitRows[member] ?? 0) < (bins.shares[member]?.count ?? 0) ? adds(member, memory.heldRanges, pairs) : [])]);
    await pause();
  }
}

/**
 * Goes through the steps of the states that are not made yet: whole trees are added as they are, rows are parted at the
 * splits of the one under way, and its leaves are searched. None of these splits is made again: that they follow from each
 * other is for who makes their steps.
 */
async function regrow(booster: Booster, states: readonly Uint8Array[]): Promise<void> {
  const first = booster.step;
  const steps = states.slice(first + 1).map((state) => readGrown(state, booster.bins.width));
  const closes = steps.findLastIndex(closesTree);
  const begun = closes < steps.length - 1;
  const last: Opening = begun ? 'derivatives' : 'split';
  // Between known trees only what later ones depend on is worth a pass: scores, and where the last iteration begins.
  const { trees, objective: { outputs }, settings: { stopping } } = booster;
  const all = trees.length + steps.filter(closesTree).length;
  const lastBegins = all - (all % outputs);
  if (first === 0 && booster.open === null) await openTree(booster, closes < 0 ? last : 'nothing');
  if (steps.length > 0) dropLeaves(booster);
  // A tree that ends among them is added whole: its rows need not be parted any further.
  if (closes >= 0 && booster.open !== null) booster.open.parts = !takesWhole(booster);
  for (const [index, grown] of steps.entries()) {
    const { open } = booster;
    if (open === null) throw badCheckpoint('comes after the end of its run');
    applyGrown(booster, open, grown);
    remember(booster, grown, states[first + 1 + index]);
    if (closesTree(grown)) await closeTree(booster, index === closes ? last : 'nothing', stopping !== null || trees.length + 1 === lastBegins);
  }
  if (begun) await searchLeaves(booster);
}

function closesTree(grown: Grown): boolean {
  return grown.node === null || grown.closes;
}

function applyGrown(booster: Booster, open: Open, grown: Grown): void {
  const { settings, start: { team, problem } } = booster;
  if (grown.node === null) {
    open.nodes = [{ values: [grown.value] }];
    return;
  }
  const { node } = grown;
  const own = open.nodes[node];
  const left = open.nodes.length;
  if (own === undefined || !('values' in own) || open.count >= settings.mostLeaves || left + 3 > mostNodes(settings, problem.trainRows)) throw badCheckpoint('splits a node that is no leaf');
  addSplit(booster, open, node, grown);
  if (open.parts) team.round((member) => partitionOps(booster, member, { node, left, split: grown }));
}

/** Searches the leaves of a tree whose rows were parted at known splits, as making these splits would have. */
async function searchLeaves(booster: Booster): Promise<void> {
  const { open, settings, histograms } = booster;
  if (open === null) return;
  const rowsOf = countRows(booster, open.nodes.length);
  const leaves = new Map([[0, { rows: rowsOf[0] ?? 0, depth: 0, low: -Infinity, high: Infinity }]]);
  for (const [index, split] of open.splits.entries()) {
    const { depth, low, high } = leaves.get(split.node) ?? { depth: 0, low: -Infinity, high: Infinity };
    const bounds = boundsOf({ low, high, split }, settings.signs[split.column] ?? 0);
    leaves.delete(split.node);
    if (rowsOf[2 * index + 1] !== split.leftRows || rowsOf[2 * index + 2] !== split.rightRows) throw badCheckpoint('holds a split that does not part the rows as it says');
    leaves.set(2 * index + 1, { rows: split.leftRows, depth: depth + 1, ...bounds.left });
    leaves.set(2 * index + 2, { rows: split.rightRows, depth: depth + 1, ...bounds.right });
  }
  for (const [node, { rows, depth, low, high }] of leaves) {
    if (depth >= settings.mostDepth || rows < 2 * settings.leastRows) continue;
    const slot = histograms.takeSlot();
    const [found] = await histograms.complete({ before: () => [], node, rows, slot, whole: null, searches: [{ slot, low, high }] });
    if (found?.split == null) histograms.freeSlot(slot);
    else open.leaves.push({ node, gain: found.split.gain, split: found.split, slot, depth, low, high });
  }
}

/** Of a tree whose rows are parted: the rows of each node. */
function countRows({ memory, start: { team } }: Booster, nodes: number): Int32Array {
  const counts = new Int32Array(nodes);
  for (let member = 0; member < team.size; member += 1) {
    const ranges = new Int32Array(team.read(member, memory.ranges[member] ?? 0, nodes * 8).buffer);
    for (let node = 0; node < nodes; node += 1) counts[node] = (counts[node] ?? 0) + (ranges[2 * node + 1] ?? 0);
  }
  return counts;
}
