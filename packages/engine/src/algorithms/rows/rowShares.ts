import { type Pointer, rowsPerCall } from '../../kernels/index.ts';
import type { Problem } from '../algorithm.ts';
import type { DesignBlock } from '../../prepare/designSource.ts';
import type { Pause } from '../../run/pause.ts';
import type { Answer, Op } from '../../team/ops.ts';
import { type Team, parts } from '../../team/team.ts';

const CELLS_A_ROUND = 1 << 19;
const MOST_SUM_DOUBLES = 2 ** 21;
/** Rows that `assembly/panels.ts` packs at once. */
export const ROWS_A_PANEL = 64;

/** A member's rows, in its own memory. Members without rows rest. */
export type Share = { first: number; rows: number; firstSlot: number; slots: number; design: Pointer };

/** Rows as a design, dealt out to the members. `line`: f64 numbers a row, a multiple of 4; `starts`: the first row of each slot, and behind them how many rows there are. */
export type RowShares = { team: Team; line: number; slots: number; starts: readonly number[]; shares: Share[] };

/** Numbers a row takes in a design whose kernels work on four columns at once. */
export function lineOf(columns: number): number {
  return Math.ceil(columns / 4) * 4;
}

/**
 * Sums over rows are kept apart in so many slots of rows and added up slot by slot. It is 16 but for sums so large (of
 * `length` doubles) that 16 would take more than 16 MB: then a power of two that does not, or 1.
 */
export function slotsFor(length: number): number {
  let slots = parts;
  while (slots > 1 && slots * length > MOST_SUM_DOUBLES) slots /= 2;
  return slots;
}

/** The first row of a slot. */
export function slotStart(rows: number, slot: number, slots: number): number {
  return Math.floor((rows * slot) / slots);
}

/** Deals the slots out to as many members as share them evenly, and writes each its rows' design. */
export async function createRowShares(parameters: {
  problem: Problem; team: Team; pause: Pause; columns: number; slots: number;
  /** Whether each row begins with a 1. */
  intercept: boolean;
}): Promise<RowShares> {
  const { problem, team, columns, slots } = parameters;
  const line = lineOf(columns);
  let active = slots;
  while (active > team.size) active /= 2;
  const each = slots / active;
  const bounds = Array.from({ length: team.size }, (_, member) => {
    const [firstSlot, end] = member < active ? [member * each, (member + 1) * each] : [slots, slots];
    const first = slotStart(problem.trainRows, firstSlot, slots);
    return { first, rows: slotStart(problem.trainRows, end, slots) - first, firstSlot, slots: end - firstSlot };
  });
  const designs = team.allocate((member) => (bounds[member]?.rows ?? 0) * line * 8 || 8);
  const shares = bounds.map((bound, member): Share => ({ ...bound, design: designs[member] ?? 0 }));
  const starts = Array.from({ length: slots + 1 }, (_, slot) => slotStart(problem.trainRows, slot, slots));
  const rows: RowShares = { team, line, slots, starts, shares };
  await writeDesigns(rows, parameters);
  return rows;
}

async function writeDesigns({ team, line, shares }: RowShares, { problem, pause, intercept }: Parameters<typeof createRowShares>[0]): Promise<void> {
  await encodeShares({ problem, team, pause, line, shares, at: intercept ? 1 : 0, ones: intercept ? 0 : -1 });
}

/** Has every member encode its own rows, all members at once. @throws EngineError NOT_FINITE */
export async function encodeShares(parameters: { problem: Problem; team: Team; pause: Pause; line: number; shares: readonly Pick<Share, 'first' | 'rows' | 'design'>[]; at: number; ones: number }): Promise<void> {
  const { problem, team, pause, line, shares, at, ones } = parameters;
  const rows = Math.ceil(CELLS_A_ROUND / line);
  const most = Math.max(...shares.map((share) => share.rows));
  for (let row = 0; row < most; row += rows) {
    const blocks = shares.map(({ first, rows: own, design }): DesignBlock[] => (row < own ? [{ first: first + row, last: first + Math.min(own, row + rows), pointer: design + row * line * 8, line, at, ones, target: -1 }] : []));
    const answers = team.round((member) => (blocks[member] ?? []).map((encode) => ({ encode })));
    for (const [member, list] of blocks.entries()) for (const block of list) checkEncoded(problem, block, answers[member]?.[0]);
    await pause();
  }
}

/** @throws EngineError NOT_FINITE naming column and row, where an encoder answered that a number is too far to be scaled */
export function checkEncoded(problem: Problem, { first, last }: DesignBlock, answer: Answer): void {
  if (typeof answer === 'number' && answer < Infinity) return;
  problem.encode(first, last);
}

/** A pointer for each member, to so many bytes for each of its slots, or rows. */
export function allocateFor(rows: RowShares, bytes: { slot?: number; row?: number; member?: number }): Pointer[] {
  return rows.team.allocate((member) => {
    const share = rows.shares[member];
    return (share?.slots ?? 0) * (bytes.slot ?? 0) + (share?.rows ?? 0) * (bytes.row ?? 0) + (bytes.member ?? 0) || 8;
  });
}

/** Copies to each member the part of `values` (one for each train row) that is its rows'. */
export function writeRowValues({ team, shares }: RowShares, pointers: readonly Pointer[], values: Float64Array | Int32Array): void {
  for (const [member, { first, rows }] of shares.entries()) {
    const own = values.slice(first, first + rows);
    team.write(member, pointers[member] ?? 0, new Uint8Array(own.buffer));
  }
}

/** Copies the same bytes to every member that has rows. */
export function writeAll({ team, shares }: RowShares, pointers: readonly Pointer[], values: Float64Array): void {
  for (const [member, { rows }] of shares.entries()) {
    if (rows > 0 || member === 0) team.write(member, pointers[member] ?? 0, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
}

/** What a kernel call is given: the member's share and index, the slot's place in memory, and rows of the share. */
export type Piece = { share: Share; member: number; sums: Pointer; first: number; last: number };

/**
 * Calls a kernel over all rows, every member over its own slots at once, in short calls; each slot's sum of `length`
 * doubles is cleared first. Returns the sums added up slot by slot, and the answers of all calls.
 */
export async function sumOverRows(rows: RowShares, task: { sums: readonly Pointer[]; length: number; work: number; multiple?: number; pause: Pause }, op: (piece: Piece) => Op): Promise<{ total: Float64Array; answers: Answer[] }> {
  const { team, shares } = rows;
  const calls = shares.map((share, member) => callsOf(rows, { share, member }, task, op));
  const most = Math.max(...calls.map((list) => list.length));
  team.round((member) => [{ call: 'clear', args: [task.sums[member] ?? 0, (shares[member]?.slots ?? 0) * task.length] }]);
  const answers: Answer[] = [];
  for (let index = 0; index < most; index += 1) {
    answers.push(...team.round((member) => calls[member]?.slice(index, index + 1) ?? []).flat());
    await task.pause();
  }
  return { total: addSlots(rows, task.sums, task.length), answers };
}

function callsOf(rows: RowShares, { share, member }: { share: Share; member: number }, task: { sums: readonly Pointer[]; length: number; work: number; multiple?: number }, op: (piece: Piece) => Op): Op[] {
  const { multiple = 4 } = task;
  const stride = Math.ceil(rowsPerCall(task.work) / multiple) * multiple;
  const list: Op[] = [];
  for (let slot = 0; slot < share.slots; slot += 1) {
    const sums = (task.sums[member] ?? 0) + slot * task.length * 8;
    const [start = 0, end = 0] = rows.starts.slice(share.firstSlot + slot, share.firstSlot + slot + 2).map((row) => row - share.first);
    for (let first = start; first < end; first += stride) list.push(op({ share, member, sums, first, last: Math.min(end, first + stride) }));
  }
  return list;
}

/** From the first slot to the last. */
function addSlots({ team, shares }: RowShares, sums: readonly Pointer[], length: number): Float64Array {
  const total = new Float64Array(length);
  for (const [member, share] of shares.entries()) {
    for (let slot = 0; slot < share.slots; slot += 1) {
      const bytes = team.read(member, (sums[member] ?? 0) + slot * length * 8, length * 8);
      const values = new Float64Array(bytes.buffer);
      for (let index = 0; index < length; index += 1) total[index] = (total[index] ?? 0) + (values[index] ?? 0);
    }
  }
  team.note(total);
  return total;
}
