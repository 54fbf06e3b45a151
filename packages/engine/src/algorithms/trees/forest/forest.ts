import { badCheckpoint } from '../../../run/checkpoint.ts';
import type { Start, Trainer } from '../../algorithm.ts';
import { checkTreeBytes, joinTrees } from '../treeBody.ts';
import type { ForestSettings } from './forestSettings.ts';
import { type GrownStep, type Growers, createGrowers, joinBytes } from './growers.ts';

/** Trees that members may be ahead of the one whose steps are told. */
const AHEAD = 4;
const HEADER = 12;

/** Trees at some step: members grow several at once, their steps are told tree by tree. */
type Forest = {
  start: Start;
  settings: ForestSettings;
  growers: Growers;
  step: number;
  /** Impurity of the first root, of all complete trees together, and of the tree under way. */
  root: number;
  finished: number;
  now: number;
  /** Trees that are complete, as bytes of a body. */
  done: Uint8Array[];
  /** Nodes of the tree under way, step by step. */
  current: Uint8Array[];
  last: Uint8Array;
  /** Steps grown and not told, by tree. */
  ready: Map<number, GrownStep[]>;
  /** The tree of each member, and how many of its steps are known already. */
  working: ({ tree: number; known: number } | null)[];
  next: number;
};

/** Grows a tree, or many. `states` without the first. */
export async function createForest(start: Start, settings: ForestSettings, states: readonly Uint8Array[]): Promise<Trainer> {
  const growers = await createGrowers(start, settings);
  const [root = 0] = growers.begin([{ member: 0, tree: 0 }]);
  const forest: Forest = {
    start, settings, growers, root, step: 0, finished: 0, now: root, done: [], current: [], last: new Uint8Array(), ready: new Map(),
    working: Array.from({ length: growers.size }, (_, member) => (member === 0 ? { tree: 0, known: 0 } : null)), next: 1,
  };
  if (states.length > 0) resume(forest, states);
  return trainerOf(forest);
}

function trainerOf(forest: Forest): Trainer {
  return {
    get step() {
      return forest.step;
    },
    get loss() {
      return meanImpurity(forest);
    },
    get converged() {
      return false;
    },
    advance: () => advance(forest),
    state: () => forest.last,
    body: () => joinTrees({ valuesOfLeaf: valuesOf(forest.start), trees: forest.current.length === 0 && forest.done.length > 0 ? forest.done : [...forest.done, closed(forest)] }),
  };
}

/** The trees' mean impurity: that of the first root for those that are not begun. */
function meanImpurity({ root, finished, now, done, current, settings }: Forest): number {
  const begun = current.length > 0;
  return (finished + (begun ? now : 0) + (settings.trees - done.length - (begun ? 1 : 0)) * root) / settings.trees;
}

function valuesOf({ problem }: Start): number {
  return problem.classes.length > 2 ? problem.classes.length : 1;
}

async function advance(forest: Forest): Promise<boolean> {
  const { settings, done, start } = forest;
  if (done.length === settings.trees) return false;
  while ((forest.ready.get(done.length) ?? []).length === 0) {
    growAll(forest);
    await start.pause();
  }
  const [step] = forest.ready.get(done.length)?.splice(0, 1) ?? [];
  // Without a split that was tried there is nothing to tell; what is not finite has no bytes that are alike everywhere.
  if (step !== undefined && step.tried !== 0 && Number.isFinite(step.tried)) start.team.note([step.tried]);
  tell(forest, step?.bytes ?? new Uint8Array());
  return true;
}

/** A step of every member, those without a tree taking the next one. */
function growAll(forest: Forest): void {
  const { growers, working, settings, ready, done } = forest;
  const begun: { member: number; tree: number }[] = [];
  for (const [member, work] of working.entries()) {
    if (work !== null || forest.next >= settings.trees || forest.next >= done.length + AHEAD * growers.size) continue;
    working[member] = { tree: forest.next, known: 0 };
    begun.push({ member, tree: forest.next });
    forest.next += 1;
  }
  if (begun.length > 0) growers.begin(begun);
  const members = [...working.keys()].filter((member) => working[member] !== null);
  for (const [index, step] of growers.grow(members).entries()) {
    const member = members[index] ?? 0;
    const work = working[member];
    if (work === null || work === undefined) continue;
    if (work.known > 0) work.known -= 1;
    else ready.set(work.tree, [...(ready.get(work.tree) ?? []), step]);
    if (isLast(step.bytes)) working[member] = null;
  }
}

function isLast(step: Uint8Array): boolean {
  return step[8] === 1;
}

function tell(forest: Forest, step: Uint8Array): void {
  forest.step += 1;
  forest.last = step;
  forest.now = new DataView(step.buffer, step.byteOffset).getFloat64(0, true);
  forest.current.push(step.subarray(HEADER));
  if (!isLast(step)) return;
  forest.finished += forest.now;
  forest.ready.delete(forest.done.length);
  forest.done.push(joinBytes(forest.current));
  forest.current = [];
}

/** The tree under way with its open nodes as leaves: it is grown again as far as it was told, since members may be ahead. */
function closed(forest: Forest): Uint8Array {
  const { growers, done, current, working, ready } = forest;
  growers.begin([{ member: 0, tree: done.length }]);
  for (let step = 0; step < current.length; step += 1) growers.grow([0]);
  const leaves = growers.close(0);
  // What was under way is begun again if training goes on.
  ready.clear();
  working.fill(null);
  working[0] = { tree: done.length, known: current.length };
  growers.begin([{ member: 0, tree: done.length }]);
  forest.next = done.length + 1;
  return joinBytes([...current, leaves]);
}

/** Whole trees are taken from the states; the one under way is grown again, and must be the same. */
function resume(forest: Forest, states: readonly Uint8Array[]): void {
  const { problem } = forest.start;
  for (const state of states) {
    if (state.length < HEADER || forest.done.length === forest.settings.trees) throw badCheckpoint('holds nodes that no training of this spec makes');
    tell(forest, state);
    const tree = forest.done.at(-1);
    if (isLast(state) && tree !== undefined) checkTreeBytes(tree, { width: problem.width, valuesOfLeaf: valuesOf(forest.start) });
  }
  if (!Number.isFinite(meanImpurity(forest))) throw badCheckpoint('holds a number that is not finite');
  const { growers, current, done, working } = forest;
  forest.next = done.length + 1;
  if (done.length === forest.settings.trees) return;
  working[0] = { tree: done.length, known: 0 };
  growers.begin([{ member: 0, tree: done.length }]);
  const known = states.slice(states.length - current.length);
  for (const state of known) {
    const [{ bytes: step } = { bytes: new Uint8Array() }] = growers.grow([0]);
    if (step.length !== state.length || step.some((byte, index) => byte !== state[index])) throw badCheckpoint('holds nodes that this training does not make');
  }
}
