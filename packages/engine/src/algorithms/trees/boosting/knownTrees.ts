import type { Pointer } from '../../../kernels/index.ts';
import type { Pause } from '../../../run/pause.ts';
import type { Op } from '../../../team/ops.ts';
import type { Team } from '../../../team/team.ts';
import type { Bins } from '../bins.ts';
import type { Grown } from './boostStates.ts';
import type { Objective } from './objective.ts';
import { inTurns } from './rowPasses.ts';
import { type SmallTree, MOST_SMALL_LEAVES, SMALL_BLOCK, SMALL_TREES, smallTreeBytes, writeSmallTrees } from '../smallTrees.ts';

export type KnownSplit = Extract<Grown, { node: number }>;

/** `values`: what each node adds where it is a leaf. */
export type KnownTree = { splits: readonly KnownSplit[]; values: readonly number[]; output: number };

/** Nodes of a tree for which there is room. */
const MOST_NODES = 4_096;
const NODE = 16;
/** Rows that one call leads to their leaves: some milliseconds. */
const ROWS_A_CALL = 1 << 18;
/** Rows that go through these trees before the next ones do: their bins stay near the processor. */
const ROWS_AT_ONCE = 1_024;
const CALLS_A_ROUND = 16;

/** Adds trees that are known to the raw scores, without parting the rows at their splits. */
export type KnownTrees = {
  /** Whether there is room for a tree of so many splits. */
  takes(splits: number): boolean;
  /** One after the other. */
  add(trees: readonly KnownTree[]): Promise<void>;
};

export function createKnownTrees({ team, pause, bins, objective }: { team: Team; pause: Pause; bins: Bins; objective: Objective }): KnownTrees {
  let room: { nodes: Pointer[]; values: Pointer[] } | undefined;
  let small: Record<'tables' | 'scratch', Pointer[]> | undefined;
  const most = bins.shares.reduce((all, { count }) => Math.max(all, count), 0);
  const isSmall = ({ splits }: KnownTree): boolean => splits.length < MOST_SMALL_LEAVES && most * bins.width < 2 ** 32;
  /** Trees of one output, as many as there is room for. */
  const addSmall = async (trees: readonly SmallTree[], output: number): Promise<void> => {
    small ??= { tables: team.allocate(() => SMALL_TREES * smallTreeBytes(MOST_SMALL_LEAVES)), scratch: team.allocate(() => SMALL_TREES * SMALL_BLOCK) };
    const { tables, scratch } = small;
    const lists = bins.shares.map(({ count }, member): Op[] => {
      const of = (list: readonly Pointer[]): Pointer => list[member] ?? 0;
      const calls = Array.from({ length: Math.ceil(count / ROWS_AT_ONCE) }, (_, piece): Op => ({
        call: 'addSmallTrees',
        args: [of(tables), trees.length, of(scratch), of(bins.columns), of(objective.raw), objective.outputs, output, piece * ROWS_AT_ONCE, Math.min(count, (piece + 1) * ROWS_AT_ONCE)],
      }));
      return [{ write: of(tables), from: writeSmallTrees(trees, of(tables), count) }, ...calls];
    });
    await inTurns({ team, lists, most: CALLS_A_ROUND, pause });
  };
  const addLarge = async ({ splits, values, output }: KnownTree): Promise<void> => {
    room ??= { nodes: team.allocate(() => MOST_NODES * NODE), values: team.allocate(() => MOST_NODES * 8) };
    const { nodes, values: places } = room;
    const table = tableOf(splits, values.length);
    const numbers = new Uint8Array(Float64Array.from(values).buffer);
    const lists = bins.shares.map(({ count }, member): Op[] => {
      const of = (list: readonly Pointer[]): Pointer => list[member] ?? 0;
      const calls = Array.from({ length: Math.ceil(count / ROWS_A_CALL) }, (_, index): Op => ({
        call: 'addKnownTree',
        args: [of(nodes), of(places), of(bins.rows), bins.stride, of(objective.raw), objective.outputs, output, index * ROWS_A_CALL, Math.min(count, (index + 1) * ROWS_A_CALL)],
      }));
      return [{ write: of(nodes), from: table }, { write: of(places), from: numbers }, ...calls];
    });
    await inTurns({ team, lists, most: 6, pause });
  };
  /** Each score's sum grows in the order of the trees: those of other outputs are other sums. */
  const addSmallOnes = async (trees: readonly KnownTree[]): Promise<void> => {
    for (const output of new Set(trees.map((tree) => tree.output))) {
      const own = trees.filter((tree) => tree.output === output).map(smallTreeOf);
      for (let at = 0; at < own.length; at += SMALL_TREES) await addSmall(own.slice(at, at + SMALL_TREES), output);
    }
  };
  return {
    takes: (splits) => 2 * splits + 1 <= MOST_NODES,
    add: async (trees) => {
      let first = 0;
      for (const [at, tree] of trees.entries()) {
        if (isSmall(tree)) continue;
        await addSmallOnes(trees.slice(first, at));
        await addLarge(tree);
        first = at + 1;
      }
      await addSmallOnes(trees.slice(first));
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

/** The same tree from the left to the right. */
function smallTreeOf({ splits, values }: KnownTree): SmallTree {
  const splitAt = new Map(splits.map(({ node }, index) => [node, index]));
  const tree: SmallTree = { splits: [], values: [] };
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const index = splitAt.get(node);
    if (index === undefined) {
      tree.values.push(values[node] ?? 0);
      continue;
    }
    const { column, bin, missingLeft } = splits[index] as KnownSplit;
    tree.splits.push({ column, bin, missingLeft, leaf: tree.values.length });
    open.push(2 * index + 2, 2 * index + 1);
  }
  return tree;
}
