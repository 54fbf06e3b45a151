import type { Pointer } from '../../../kernels/index.ts';
import type { Pause } from '../../../run/pause.ts';
import type { Op } from '../../../team/ops.ts';
import type { Team } from '../../../team/team.ts';
import type { Bins } from '../bins.ts';
import type { Grown } from './boostStates.ts';
import type { Objective } from './objective.ts';
import { inTurns } from './rowPasses.ts';

export type KnownSplit = Extract<Grown, { node: number }>;

/** `values`: what each node adds where it is a leaf. */
export type KnownTree = { splits: readonly KnownSplit[]; values: readonly number[]; output: number };

/** Nodes of a tree for which there is room. */
const MOST_NODES = 4_096;
const NODE = 16;
/** Rows that one call leads to their leaves: some milliseconds. */
const ROWS_A_CALL = 1 << 18;
/** Leaves of a tree whose rows go through all splits at once, and bytes of a split of it. */
const SMALL = 256;
const SMALL_SPLIT = 8;
const BLOCK = 64;
/** Bytes of one of a small tree's two tables at most, and trees whose tables stand side by side. */
const TABLE = SMALL * 8;
const SMALL_TREES = 16;
/** Rows that go through these trees before the next ones do: their bins stay near the processor. */
const ROWS_AT_ONCE = 1_024;
const CALLS_A_ROUND = 256;

/** Adds trees that are known to the raw scores, without parting the rows at their splits. */
export type KnownTrees = {
  /** Whether there is room for a tree of so many splits. */
  takes(splits: number): boolean;
  /** One after the other. */
  add(trees: readonly KnownTree[]): Promise<void>;
};

export function createKnownTrees({ team, pause, bins, objective }: { team: Team; pause: Pause; bins: Bins; objective: Objective }): KnownTrees {
  let room: { nodes: Pointer[]; values: Pointer[] } | undefined;
  let small: Record<'splits' | 'values' | 'scratch', Pointer[]> | undefined;
  const most = bins.shares.reduce((all, { count }) => Math.max(all, count), 0);
  const isSmall = ({ splits }: KnownTree): boolean => splits.length < SMALL && most * bins.width < 2 ** 32;
  /** Whole blocks of rows, of small trees. */
  const addSmall = async (trees: readonly KnownTree[]): Promise<void> => {
    small ??= { splits: team.allocate(() => SMALL_TREES * TABLE), values: team.allocate(() => SMALL_TREES * TABLE), scratch: team.allocate(() => BLOCK) };
    const { splits: places, values: numbers, scratch } = small;
    const lists = bins.shares.map(({ count }, member): Op[] => {
      const of = (list: readonly Pointer[]): Pointer => list[member] ?? 0;
      const tables = trees.map(({ splits, values }) => smallTableOf(splits, values, count));
      const calls = trees.map(({ splits, output }, tree) => (first: number, last: number): Op => ({
        call: 'addSmallTree',
        args: [of(places) + tree * TABLE, splits.length, of(numbers) + tree * TABLE, of(scratch), of(bins.columns), of(objective.raw), objective.outputs, output, first, last],
      }));
      const end = Math.floor(count / BLOCK) * BLOCK;
      const pieces = Array.from({ length: Math.ceil(end / ROWS_AT_ONCE) }, (_, piece) => [piece * ROWS_AT_ONCE, Math.min(end, (piece + 1) * ROWS_AT_ONCE)] as const);
      return [
        ...tables.flatMap(({ table, leaves }, tree): Op[] => [{ write: of(places) + tree * TABLE, from: table }, { write: of(numbers) + tree * TABLE, from: leaves }]),
        ...pieces.flatMap(([first, last]) => calls.map((call) => call(first, last))),
      ];
    });
    await inTurns({ team, lists, most: CALLS_A_ROUND, pause });
  };
  /** From the row on that `firstOf` tells of so many. */
  const addRows = async ({ splits, values, output }: KnownTree, firstOf: (count: number) => number): Promise<void> => {
    if (bins.shares.every(({ count }) => firstOf(count) === count)) return;
    room ??= { nodes: team.allocate(() => MOST_NODES * NODE), values: team.allocate(() => MOST_NODES * 8) };
    const { nodes, values: places } = room;
    const table = tableOf(splits, values.length);
    const numbers = new Uint8Array(Float64Array.from(values).buffer);
    const lists = bins.shares.map(({ count }, member): Op[] => {
      const of = (list: readonly Pointer[]): Pointer => list[member] ?? 0;
      const first = firstOf(count);
      const calls = Array.from({ length: Math.ceil((count - first) / ROWS_A_CALL) }, (_, index): Op => ({
        call: 'addKnownTree',
        args: [of(nodes), of(places), of(bins.rows), bins.stride, of(objective.raw), objective.outputs, output, first + index * ROWS_A_CALL, Math.min(count, first + (index + 1) * ROWS_A_CALL)],
      }));
      return [{ write: of(nodes), from: table }, { write: of(places), from: numbers }, ...calls];
    });
    await inTurns({ team, lists, most: 6, pause });
  };
  return {
    takes: (splits) => 2 * splits + 1 <= MOST_NODES,
    add: async (trees) => {
      for (let at = 0; at < trees.length;) {
        const taken = trees.slice(at, at + SMALL_TREES);
        const large = taken.findIndex((tree) => !isSmall(tree));
        const own = large < 0 ? taken : taken.slice(0, Math.max(large, 1));
        if (large !== 0) await addSmall(own);
        for (const tree of own) await addRows(tree, (count) => (large === 0 ? 0 : Math.floor(count / BLOCK) * BLOCK));
        at += own.length;
      }
    },
  };
}

/** Nodes as `addKnownTree` reads them. */
function tableOf(splits: readonly KnownSplit[], nodes: number): Uint8Array {
  const words = new Uint32Array(nodes * 4);
  for (let node = 0; node < nodes; node += 1) {
    words[node * 4 + 1] = 255;
    words[node * 4 + 3] = node * NODE;
  }
  for (let index = 0; index < splits.length; index += 1) {
    const { node, column, bin, missingLeft } = splits[index] as KnownSplit;
    const missing = missingLeft ? 1 : 0;
    words[node * 4] = column;
    words[node * 4 + 1] = bin + missing;
    words[node * 4 + 2] = missing;
    words[node * 4 + 3] = (2 * index + 1) * NODE;
  }
  return new Uint8Array(words.buffer);
}

/** Splits as `addSmallTree` reads them, and what the leaves add. */
function smallTableOf(splits: readonly KnownSplit[], values: readonly number[], rows: number): { table: Uint8Array; leaves: Uint8Array } {
  const table = new Uint8Array(splits.length * SMALL_SPLIT);
  const view = new DataView(table.buffer);
  /** The leaf that a node is, or was before it was split: to the left a number goes on. */
  const leafOf = new Uint8Array(2 * splits.length + 1);
  for (let index = 0; index < splits.length; index += 1) {
    const { node, column, bin, missingLeft } = splits[index] as KnownSplit;
    const [at, own, missing] = [index * SMALL_SPLIT, leafOf[node] as number, missingLeft ? 1 : 0];
    view.setUint32(at, column * rows, true);
    table[at + 4] = bin + missing;
    table[at + 5] = missing;
    table[at + 6] = own;
    table[at + 7] = own ^ (index + 1);
    leafOf[2 * index + 1] = own;
    leafOf[2 * index + 2] = index + 1;
  }
  // Of the nodes with a leaf's number the last one is the leaf.
  const leaves = new Float64Array(splits.length + 1);
  for (let node = 0; node < leafOf.length; node += 1) leaves[leafOf[node] as number] = values[node] ?? 0;
  return { table, leaves: new Uint8Array(leaves.buffer) };
}
