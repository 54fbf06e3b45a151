import type { Pause } from '../../run/pause.ts';
import type { Op } from '../../team/ops.ts';
import { type RowShares, allocateFor, writeRowValues } from '../rows/rowShares.ts';
import type { Pass, Sample } from './newtonState.ts';

/** Every `stride`th row of each slot. */
export async function createSample(parameters: { all: Pass; stride: number; targets: Float64Array; ownWeights: Float64Array | null; vectors: number; pause: Pause }): Promise<Sample> {
  const { all: { rows, at }, stride, targets, ownWeights, vectors, pause } = parameters;
  const { team, line, slots } = rows;
  const taken: number[] = [];
  const starts = [0];
  for (let slot = 0; slot < slots; slot += 1) {
    for (let row = rows.starts[slot] ?? 0; row < (rows.starts[slot + 1] ?? 0); row += stride) taken.push(row);
    starts.push(taken.length);
  }
  const bounds = rows.shares.map(({ firstSlot, slots: own }) => ({ first: starts[firstSlot] ?? 0, rows: (starts[firstSlot + own] ?? 0) - (starts[firstSlot] ?? 0), firstSlot, slots: own }));
  const designs = team.allocate((member) => (bounds[member]?.rows ?? 0) * line * 8 || 8);
  const own: RowShares = { team, line, slots, starts, shares: bounds.map((bound, member) => ({ ...bound, design: designs[member] ?? 0 })) };
  const pass: Pass = { rows: own, stride: 1, at: { targets: allocateFor(own, { row: 4 }), rowWeights: ownWeights === null ? [] : allocateFor(own, { row: 8 }), probabilities: allocateFor(own, { row: 8 * vectors }) } };
  writeRowValues(own, pass.at.targets, Int32Array.from(taken, (row) => targets[row] ?? 0));
  if (ownWeights !== null) writeRowValues(own, pass.at.rowWeights, Float64Array.from(taken, (row) => ownWeights[row] ?? 0));
  /** Of a member's slot: numbers of `width` that stand for each row. */
  const take = (member: number, slot: number, width: number, [from, to]: [number, number]): Op[] => {
    const [share, sampled] = [rows.shares[member], own.shares[member]];
    if (share === undefined || sampled === undefined || slot >= share.slots) return [];
    const index = share.firstSlot + slot;
    const [first = 0, end = 0] = starts.slice(index, index + 2);
    return [{ call: 'takeRows', args: [from + ((rows.starts[index] ?? 0) - share.first) * width * 8, width, stride, end - first, to + (first - sampled.first) * width * 8] }];
  };
  for (let slot = 0; slot < slots; slot += 1) {
    team.round((member) => take(member, slot, line, [rows.shares[member]?.design ?? 0, designs[member] ?? 0]));
    await pause();
  }
  return {
    of: stride, pass,
    takeProbabilities: () => {
      team.round((member) => Array.from({ length: slots }, (_, slot) => take(member, slot, vectors, [at.probabilities[member] ?? 0, pass.at.probabilities[member] ?? 0])).flat());
    },
  };
}
