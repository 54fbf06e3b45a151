import type { Pointer } from '../../../kernels/index.ts';
import type { Pause } from '../../../run/pause.ts';
import type { Answer, Op } from '../../../team/ops.ts';
import { outboxBytes } from '../../../team/exchange.ts';
import type { Team } from '../../../team/team.ts';
import type { Bins } from '../bins.ts';
import { inTurns } from './rowPasses.ts';

/** Bytes of a column in a histogram. */
export const columnBytes = 4_096;
/** Values that one call adds up: about 3 ms. */
const VALUES_A_CALL = 1 << 21;
const RECORD = 72;

/** The best split of a leaf. */
export type Split = { gain: number; column: number; bin: number; missingLeft: boolean; leftRows: number; rightRows: number; leftValue: number; rightValue: number };

/** Where a histogram is searched: its slot, and between which values the leaf must stay. */
export type Search = { slot: number; low: number; high: number };

/** What a search answers: the split, and the leaf's own value. */
export type Found = { split: Split | null; value: number };

/** The members' histograms. Each member adds up its rows for all columns; then each gathers its own columns from all members, and searches them. */
export type Histograms = {
  takeSlot(): number;
  freeSlot(slot: number): void;
  /** Operations that add up a node's rows, to be done after those that made the node. */
  build(node: number, rows: number, slot: number): (member: number) => Op[];
  /** Does `before` and `build` on all members, gathers the sums in `slot`, takes them off `whole`, and searches. */
  complete(parameters: { before: (member: number) => Op[]; node: number; rows: number; slot: number; whole: number | null; searches: readonly Search[] }): Promise<Found[]>;
};

export function createHistograms(parameters: {
  team: Team; pause: Pause; bins: Bins; shift: number; gradients: readonly Pointer[]; order: readonly Pointer[]; ranges: readonly Pointer[]; signs: Int32Array;
}): Histograms {
  const { team, pause, bins, shift } = parameters;
  const at = (list: readonly Pointer[], member: number): Pointer => list[member] ?? 0;
  const columnsOf = (member: number): [first: number, end: number] => [Math.floor((bins.width * member) / team.size), Math.floor((bins.width * (member + 1)) / team.size)];
  const wide = bins.stride * columnBytes;
  const alone = team.size === 1;
  const members = Array.from({ length: team.size }, (_, member) => member);
  /** Columns that a member hands to each other one at a time. */
  const taken = Math.floor(outboxBytes / Math.max(1, team.size - 1) / columnBytes);
  const own = (member: number): number => {
    const [first, end] = columnsOf(member);
    return (end - first) * columnBytes;
  };
  const local = alone ? [] : team.allocate(() => wide);
  const inbox = alone ? [] : team.allocate((member) => Math.min(own(member), taken * columnBytes) || 16);
  const records = team.allocate(() => RECORD * 2);
  const counts = team.allocate(() => bins.width * 4);
  const signs = team.allocate(() => bins.width * 4);
  for (let member = 0; member < team.size; member += 1) {
    team.write(member, at(counts, member), new Uint8Array(bins.counts.buffer));
    team.write(member, at(signs, member), new Uint8Array(parameters.signs.buffer));
  }
  const slots: Pointer[][] = [];
  const free: number[] = [];
  const slotAt = (slot: number, member: number): Pointer => slots[slot]?.[member] ?? 0;

  const searchOps = (member: number, searches: readonly Search[]): Op[] => {
    const [first, end] = columnsOf(member);
    const found = searches.map(({ slot, low, high }, index): Op => ({
      call: 'findSplit', args: [slotAt(slot, member), first, end, at(counts, member), at(signs, member), low, high, at(records, member) + index * RECORD],
    }));
    return searches.length === 0 || first === end ? [] : [...found, { read: at(records, member), bytes: RECORD * searches.length }];
  };

  const build: Histograms['build'] = (node, rows, slot) => (member) => {
    const stride = Math.max(64, Math.floor(VALUES_A_CALL / bins.stride));
    const most = Math.max(1, Math.min(rows, bins.shares[member]?.count ?? 0));
    const into = alone ? slotAt(slot, member) : at(local, member);
    return Array.from({ length: Math.ceil(most / stride) }, (_, index): Op => ({
      call: 'buildHistogram',
      args: [at(bins.rows, member), bins.stride, at(parameters.order, member), at(parameters.gradients, member), at(parameters.ranges, member), node, into, shift, index * stride, Math.min(most, (index + 1) * stride)],
    }));
  };

  return {
    takeSlot: () => {
      const slot = free.pop();
      if (slot !== undefined) return slot;
      slots.push(team.allocate((member) => (alone ? wide : own(member)) || 16));
      return slots.length - 1;
    },
    freeSlot: (slot) => void free.push(slot),
    build,
    complete: async ({ before, node, rows, slot, whole, searches }) => {
      const lists = Array.from({ length: team.size }, (_, member) => [...before(member), ...build(node, rows, slot)(member)]);
      const subtract = (member: number): Op[] => (whole === null ? [] : [{ call: 'subtractHistogram', args: [slotAt(whole, member), slotAt(slot, member), own(member)] }]);
      // A small leaf is done in one round; a large one is cut, so that others may run.
      const length = Math.max(...lists.map((list) => list.length));
      const cut = Math.max(0, length - 4);
      await inTurns({ team, lists: lists.map((list) => list.slice(0, cut)), most: 1, pause });
      const last = (member: number): Op[] => lists[member]?.slice(cut) ?? [];
      const then = (member: number): Op[] => [...subtract(member), ...searchOps(member, searches)];
      const found = readFound(alone ? team.round((member) => [...last(member), ...then(member)]) : gather(slot, last, then), searches.length);
      // Most leaves that are searched are never split, and no state holds what was gained.
      team.note(found.flatMap(({ split, value }) => [value, split?.gain ?? 0, split?.column ?? -1, split?.bin ?? -1]));
      return found;
    },
  };

  /** Does `first`, brings each member's own columns of all members' sums to `slot`, and does `then`, whose answers it returns. */
  function gather(slot: number, first: (member: number) => Op[], then: (member: number) => Op[]): Answer[][] {
    let found: Answer[][] = [];
    const widest = Math.max(...members.map((member) => own(member) / columnBytes));
    for (let column = 0; column < widest; column += taken) {
      const bytesOf = (member: number): number => Math.max(0, Math.min(taken * columnBytes, own(member) - column * columnBytes));
      const localOf = (member: number, columns: number): Pointer => at(local, member) + (columnsOf(columns)[0] + column) * columnBytes;
      const placeOf = (from: number, to: number): number => (to < from ? to : to - 1) * taken * columnBytes;
      found = team.round((member) => {
        const others = members.filter((other) => other !== member);
        const bytes = bytesOf(member);
        const into = slotAt(slot, member) + column * columnBytes;
        return [
          ...(column === 0 ? first(member) : []),
          ...others.filter((to) => bytesOf(to) > 0).map((to): Op => ({ give: localOf(member, to), bytes: bytesOf(to), at: placeOf(member, to) })),
          { meet: true },
          ...(bytes === 0 ? [] : [
            { call: 'copyHistogram', args: [into, localOf(member, member), bytes] },
            ...others.flatMap((from): Op[] => [{ take: at(inbox, member), bytes, from, at: placeOf(from, member) }, { call: 'addHistogram', args: [into, at(inbox, member), bytes] }]),
          ]),
          ...(column + taken >= widest ? then(member) : []),
        ];
      });
    }
    return found;
  }
}

/** The best of what the members found: of equals the lowest column. */
function readFound(answers: Answer[][], searches: number): Found[] {
  const records = answers.flatMap((list) => {
    const last = list.at(-1);
    return last instanceof Uint8Array ? [new Float64Array(last.buffer, last.byteOffset, last.byteLength / 8)] : [];
  });
  return Array.from({ length: searches }, (_, search): Found => {
    let best: Float64Array | undefined;
    for (const record of records) {
      const own = record.subarray(search * 9, search * 9 + 9);
      if (best === undefined || (own[0] ?? 0) > (best[0] ?? 0)) best = own;
    }
    const [gain = 0, column = 0, bin = 0, missingLeft = 0, leftRows = 0, rightRows = 0, leftValue = 0, rightValue = 0, value = 0] = best ?? [];
    return { split: gain > 0 ? { gain, column, bin, missingLeft: missingLeft === 1, leftRows, rightRows, leftValue, rightValue } : null, value };
  });
}
