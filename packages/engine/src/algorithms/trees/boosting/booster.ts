import type { Pointer } from '../../../kernels/index.ts';
import { toHex } from '../../../hash.ts';
import { badCheckpoint } from '../../../run/checkpoint.ts';
import type { Op } from '../../../team/ops.ts';
import type { Start } from '../../algorithm.ts';
import { type Bins, createBins, ownParts, thresholdOf } from '../bins.ts';
import type { Tree, TreeNode } from '../treeBody.ts';
import { type Grown, readGrown, writeGrown } from './boostStates.ts';
import { type Histograms, type Search, type Split, createHistograms } from './histograms.ts';
import { type LeafHeap, createLeafHeap } from './leafHeap.ts';
import { type Objective, createObjective } from './objective.ts';
import { type Settings, settingsOf } from './settings.ts';

/** A leaf that can be split. */
type Leaf = { node: number; gain: number; split: Split; slot: number; depth: number; low: number; high: number };

/** The tree under way. Values are those before the learning rate. */
type Open = { nodes: TreeNode[]; leaves: LeafHeap<Leaf>; count: number };

/** Gradient boosting at some step. */
export type Booster = {
  start: Start;
  settings: Settings;
  bins: Bins;
  objective: Objective;
  histograms: Histograms;
  memory: { ranges: Pointer[]; heldRanges: Pointer[]; order: Pointer[]; scratch: Pointer[] };
  step: number;
  loss: number;
  /** Loss of the rows held out (or of all) before the first iteration and after each. */
  scores: number[];
  converged: boolean;
  trees: Tree[];
  /** Null once there are as many trees as asked for. */
  open: Open | null;
  last: Grown | null;
  /** What the steps added, as states hold it. */
  made: Uint8Array[];
};

/** Stands before the first step, or after the one whose states (without the first) are given. */
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
  const booster: Booster = { start, settings, bins, objective, histograms, memory, step: 0, loss: 0, scores: [], converged: false, trees: [], open: null, last: null, made: [] };
  await evaluate(booster);
  await regrow(booster, states.map((state) => readGrown(state, bins.width)));
  return booster;
}

/** Goes to the step whose states (without the first) are given: on from here where they begin with what was made, else from the start. */
export async function resumeBooster(booster: Booster, states: readonly Uint8Array[]): Promise<void> {
  const { made, bins, objective, histograms, open } = booster;
  const grown = states.map((state) => readGrown(state, bins.width));
  const goesOn = made.length <= states.length && made.every((bytes, index) => sameBytes(bytes, states[index]));
  if (!goesOn) {
    for (let leaf = open?.leaves.pop(); leaf !== undefined; leaf = open?.leaves.pop()) histograms.freeSlot(leaf.slot);
    Object.assign(booster, { step: 0, loss: 0, scores: [], converged: false, trees: [], open: null, last: null, made: [] });
    objective.reset();
    await evaluate(booster);
  }
  await regrow(booster, grown);
}

function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function remember(booster: Booster, grown: Grown): void {
  booster.step += 1;
  booster.last = grown;
  booster.made.push(writeGrown(grown));
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
    await closeTree(booster, { search: true });
    return true;
  }
  const { node, split } = leaf;
  const closes = await splitLeaf(booster, open, leaf);
  const { column, bin, missingLeft, leftRows, rightRows, leftValue, rightValue } = split;
  remember(booster, { node, column, bin, missingLeft, leftRows, rightRows, leftValue, rightValue, closes });
  if (closes) await closeTree(booster, { search: true });
  return true;
}

/** Trees so far, the one under way as it is; leaves hold what they add to the raw score. */
export function treesOf({ trees, open, settings, step }: Booster): Tree[] {
  // A tree is under way once it has a split; the root alone was not made by a step.
  const begun = open !== null && open.nodes.length > 1 && step > 0;
  return begun ? [...trees, shrunk(open.nodes, settings.rate)] : trees;
}

function shrunk(nodes: readonly TreeNode[], rate: number): Tree {
  return nodes.map((node) => ('values' in node ? { values: node.values.map((value) => value * rate) } : node));
}

async function evaluate(booster: Booster): Promise<void> {
  const { objective, settings, scores } = booster;
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

/** Opens the next tree: its derivatives, and the root's best split. Searching can wait where the splits are known. */
async function openTree(booster: Booster, search: boolean): Promise<void> {
  const { start: { team, problem }, settings, objective, histograms, memory, bins, trees } = booster;
  if (trees.length === settings.iterations * objective.outputs || booster.converged) {
    booster.open = null;
    return;
  }
  const open: Open = { nodes: [{ values: [0] }], leaves: createLeafHeap<Leaf>(), count: 1 };
  booster.open = open;
  const before = (member: number): Op[] => {
    const at = (list: readonly number[]): number => list[member] ?? 0;
    return [{ call: 'startTree', args: [at(objective.order), at(memory.order), at(memory.ranges), at(memory.heldRanges), at(objective.fitRows), bins.shares[member]?.count ?? 0] }];
  };
  if (!search) {
    team.round(before);
    return;
  }
  await objective.differentiate(trees.length % objective.outputs);
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
function boundsOf({ low, high, split }: Leaf, sign: number): { left: { low: number; high: number }; right: { low: number; high: number } } {
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
async function closeTree(booster: Booster, { search }: { search: boolean }): Promise<void> {
  const { open, objective, memory, start: { team, pause }, trees, settings, histograms, bins } = booster;
  if (open === null) return;
  for (let leaf = open.leaves.pop(); leaf !== undefined; leaf = open.leaves.pop()) histograms.freeSlot(leaf.slot);
  const tree = shrunk(open.nodes, settings.rate);
  const output = trees.length % objective.outputs;
  const leaves = tree.flatMap((node, index) => ('values' in node ? [[index, node.values[0] ?? 0] as const] : []));
  const adds = (member: number, ranges: readonly Pointer[], pairs: typeof leaves): Op[] => pairs.map(([node, value]) => (
    { call: 'addLeaf', args: [objective.raw[member] ?? 0, objective.outputs, output, memory.order[member] ?? 0, ranges[member] ?? 0, node, value] }));
  for (let at = 0; at < leaves.length; at += 64) {
    const pairs = leaves.slice(at, at + 64);
    team.round((member) => [...adds(member, memory.ranges, pairs), ...((objective.fitRows[member] ?? 0) < (bins.shares[member]?.count ?? 0) ? adds(member, memory.heldRanges, pairs) : [])]);
    await pause();
  }
  trees.push(tree);
  // Between known trees only what later ones depend on is worth a pass: the scores, and where an iteration of several trees began.
  const needed = search || settings.stopping !== null || objective.outputs > 1;
  if (trees.length % objective.outputs === 0 && needed) await evaluate(booster);
  await openTree(booster, search);
}

/**
 * Makes the steps of the states again, those left out that are made already: whole trees without a search, the last one
 * with it, so that what they claim is checked.
 */
async function regrow(booster: Booster, states: readonly Grown[]): Promise<void> {
  const closes = states.findLastIndex((grown) => grown.node === null || grown.closes);
  const first = booster.step;
  if (first === 0 && booster.open === null) await openTree(booster, closes < 0);
  for (const [index, grown] of states.entries()) {
    if (index < first) continue;
    const { open } = booster;
    if (open === null) throw badCheckpoint('comes after the end of its run');
    if (index > closes) {
      await stepBooster(booster);
      if (booster.last === null || toHex(writeGrown(booster.last)) !== toHex(writeGrown(grown))) throw badCheckpoint('holds a split that this training does not make');
      continue;
    }
    applyGrown(booster, open, grown);
    remember(booster, grown);
    if (grown.node === null || grown.closes) await closeTree(booster, { search: index === closes });
  }
}

function applyGrown(booster: Booster, open: Open, grown: Grown): void {
  const { team } = booster.start;
  if (grown.node === null) {
    open.nodes = [{ values: [grown.value] }];
    return;
  }
  const { node } = grown;
  const own = open.nodes[node];
  if (own === undefined || !('values' in own) || open.count >= booster.settings.mostLeaves) throw badCheckpoint('splits a node that is no leaf');
  const left = open.nodes.length;
  addSplit(booster, open, node, grown);
  team.round((member) => partitionOps(booster, member, { node, left, split: grown }));
}
