import { EngineError } from '../../../errors.ts';
import type { Pointer } from '../../../kernels/index.ts';
import type { Op } from '../../../team/ops.ts';
import type { Start } from '../../algorithm.ts';
import { createBins } from '../bins.ts';
import { classWeights } from '../classWeights.ts';
import { type ForestSettings, budgetOf, middleOf, stepBytes } from './forestSettings.ts';

/** A step of a tree: f64 impurity left in the tree, u32 1 when the tree is complete, then nodes as in a body. `tried`: what it came by and does not hold, the sum of the scores of all splits that it tried. */
export type GrownStep = { bytes: Uint8Array; tried: number };

/** Members that grow trees, each holding all train rows and growing one tree at a time. */
export type Growers = {
  size: number;
  /** Begins trees on some members; a root's impurity for each. */
  begin(trees: readonly { member: number; tree: number }[]): number[];
  /** One step of each of these members' trees. */
  grow(members: readonly number[]): GrownStep[];
  /** The open nodes of a member's tree as leaves. The tree is over then. */
  close(member: number): Uint8Array;
};

const STACK_BYTES = 24;
const NODE_BYTES = 48;
/** A leaf's two nodes, its places in the queue and on the path. */
const LEAF_BYTES = 2 * NODE_BYTES + 8;

/** Bytes of a member, without the rows of the sample. */
export function growerBytes({ trainRows, width, classes, columns, mostLeaves, budget }: { trainRows: number; width: number; classes: number; columns: number; mostLeaves: number; budget: number }): number {
  const stride = (width + 3) & ~3;
  const line = classes > 2 ? classes * 2_048 : 4_096;
  return trainRows * (stride + 8 + 4 + 4 + 8 + 8) + linesOf(columns, width) * (line + 32) + stackNodes(trainRows, width) * STACK_BYTES + Math.min(mostLeaves, trainRows) * LEAF_BYTES + width * (2_048 + 12) + classes * 16 + stepBytes(budget, classes);
}

function linesOf(columns: number, width: number): number {
  return columns === width ? (width + 3) & ~3 : columns;
}

/** Each level parts the bins of one column: no way to a leaf is longer. */
function stackNodes(trainRows: number, width: number): number {
  return Math.min(trainRows, 256 * width) + 2;
}

export async function createGrowers(start: Start, settings: ForestSettings): Promise<Growers> {
  const { problem, team } = start;
  const { trainRows, width } = problem;
  const classes = problem.classes.length;
  const size = Math.min(team.size, settings.trees);
  const shares = Array.from({ length: team.size }, (_, member) => ({ first: 0, count: member < size ? trainRows : 0 }));
  const bins = await createBins(start, { maxBins: settings.maxBins, shares, byColumn: false });
  const weights = classWeights(problem, settings.balanced);
  const budget = budgetOf(trainRows, settings.trees);
  const capacity = stepBytes(budget, classes);
  const bits = 32 - Math.clz32(trainRows);
  const weightBits = Math.min(30, 64 - 2 * bits);
  const room = (bytes: number): Pointer[] => team.allocate((member) => (member < size ? bytes : 8));
  const write = (values: Float64Array | Int32Array): Pointer[] => {
    const pointers = room(values.byteLength);
    for (let member = 0; member < size; member += 1) team.write(member, pointers[member] ?? 0, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return pointers;
  };
  const line = classes > 2 ? classes * 2_048 : 4_096;
  const lines = linesOf(settings.columns, width);
  const mostLeaves = Math.min(settings.mostLeaves, trainRows);
  const at = {
    targets: write(problem.targets.subarray(0, trainRows)), weights: weights === null ? [] : write(weights), counts: write(bins.counts), thresholds: write(bins.thresholds),
    samples: room(trainRows * 8), order: room(trainRows * 4), scratch: room(trainRows * 4), histogram: room(lines * line), marks: room(lines * 32),
    features: room(width * 4), swaps: room(width * 4), totals: room(classes * 8 + 8), lefts: room(classes * 8 + 8), stack: room(stackNodes(trainRows, width) * STACK_BYTES), out: room(capacity),
    nodes: room(mostLeaves * 2 * NODE_BYTES + 8), heap: room(mostLeaves * 4 + 8), path: room(mostLeaves * 4 + 8),
  };
  const factor = settings.entropy ? 0 : classes === 2 ? 2 : 1;
  const middle = middleOf(problem);
  team.round((member) => {
    if (member >= size) return [];
    const of = (list: readonly Pointer[]): Pointer => list[member] ?? 0;
    return [
      { call: 'setGrowerPlaces', args: [of(bins.rows), bins.stride, width, ...[at.counts, at.samples, at.order, at.histogram, at.marks, at.features, at.swaps, at.totals, at.lefts].map(of)] },
      { call: 'setGrowerRules', args: [classes > 2 ? classes : 0, settings.columns, settings.leastLeaf, settings.entropy ? 1 : 0, 64 - bits] },
      { call: 'setTreePlaces', args: [of(bins.rows), bins.stride, trainRows, ...[at.targets, at.weights, at.samples, at.order, at.scratch, at.stack, at.thresholds].map(of)] },
      { call: 'setTreeRules', args: [classes, settings.mostDepth, settings.leastSplit, settings.leastLeaf, middle, factor] },
      { call: 'setMostLeaves', args: [mostLeaves, ...[at.nodes, at.heap, at.path].map(of)] },
    ];
  });
  const calls = (op: (member: number) => Op | undefined): number[] => team.round((member) => [op(member)].filter((one) => one !== undefined)).map(([answer]) => (typeof answer === 'number' ? answer : 0));
  const fetch = (bytes: readonly number[]): Uint8Array[] => team.round((member) => ((bytes[member] ?? 0) > 0 ? [{ read: at.out[member] ?? 0, bytes: bytes[member] ?? 0 }] : [])).map(([answer]) => (answer instanceof Uint8Array ? answer : new Uint8Array()));
  return {
    size,
    begin: (trees) => {
      const roots = calls((member) => {
        const own = trees.find((one) => one.member === member);
        return own === undefined ? undefined : { call: 'startGrowing', args: [settings.seed, own.tree, settings.bootstrap ? 1 : 0, weightBits] };
      });
      return trees.map(({ member }) => checkRoot(roots[member] ?? NaN));
    },
    grow: (members) => {
      const grown = team.round((member) => (members.includes(member) ? [{ call: 'growNodes', args: [budget, at.out[member] ?? 0, capacity] }, { call: 'triedScores', args: [] }] : []));
      const all = fetch(grown.map(([bytes]) => (typeof bytes === 'number' ? bytes : 0)));
      return members.map((member) => {
        const tried = grown[member]?.[1];
        return { bytes: all[member] ?? new Uint8Array(), tried: typeof tried === 'number' ? tried : 0 };
      });
    },
    close: (member) => {
      const pieces: Uint8Array[] = [];
      for (;;) {
        const [bytes = 0] = [calls((index) => (index === member ? { call: 'closeNodes', args: [at.out[member] ?? 0, capacity] } : undefined))[member]];
        if (bytes === 0) return joinBytes(pieces);
        pieces.push(fetch(shares.map((_, index) => (index === member ? bytes : 0)))[member] ?? new Uint8Array());
      }
    },
  };
}

function checkRoot(impurity: number): number {
  if (Number.isFinite(impurity)) return impurity;
  if (Number.isNaN(impurity)) throw new EngineError('BAD_NUMBER', 'No row that a tree has drawn has a weight above 0: correct the weight column.');
  throw new EngineError('NOT_FINITE', 'The target holds numbers too large to square: rescale it.');
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
