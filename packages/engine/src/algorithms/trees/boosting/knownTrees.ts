import type { Pointer } from '../../../kernels/index.ts';
import type { Pause } from '../../../run/pause.ts';
import type { Op } from '../../../team/ops.ts';
import type { Team } from '../../../team/team.ts';
import type { Bins } from '../bins.ts';
import type { Grown } from './boostStates.ts';
import type { Objective } from './objective.ts';
import { inTurns } from './rowPasses.ts';

export type KnownSplit = Extract<Grown, { node: number }>;

/** Nodes of a tree for which there is room. */
const MOST_NODES = 4_096;
const NODE = 16;
/** Rows that one call leads to their leaves: some milliseconds. */
const ROWS_A_CALL = 1 << 18;

/** Adds trees that are known to the raw scores, without parting the rows at their splits. */
export type KnownTrees = {
  /** Whether there is room for a tree of so many splits. */
  takes(splits: number): boolean;
  /** `values`: what each node adds where it is a leaf. */
  add(parameters: { splits: readonly KnownSplit[]; values: readonly number[]; output: number }): Promise<void>;
};

export function createKnownTrees({ team, pause, bins, objective }: { team: Team; pause: Pause; bins: Bins; objective: Objective }): KnownTrees {
  let room: { nodes: Pointer[]; values: Pointer[] } | undefined;
  return {
    takes: (splits) => 2 * splits + 1 <= MOST_NODES,
    add: async ({ splits, values, output }) => {
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
      await inTurns({ team, lists, most: 3, pause });
    },
  };
}

/** Nodes as `addKnownTree` reads them. */
function tableOf(splits: readonly KnownSplit[], nodes: number): Uint8Array {
  const words = new Uint32Array(nodes * 4);
  for (let node = 0; node < nodes; node += 1) words.set([0, 255, 0, node * NODE], node * 4);
  for (const [index, { node, column, bin, missingLeft }] of splits.entries()) {
    const missing = missingLeft ? 1 : 0;
    words.set([column, bin + missing, missing, (2 * index + 1) * NODE], node * 4);
  }
  return new Uint8Array(words.buffer);
}
