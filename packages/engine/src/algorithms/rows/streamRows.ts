import type { Pointer } from '../../kernels/index.ts';
import type { DesignBlock } from '../../prepare/designSource.ts';
import type { Problem } from '../algorithm.ts';
import type { Pause } from '../../run/pause.ts';
import type { Op } from '../../team/ops.ts';
import type { Team } from '../../team/team.ts';
import { checkEncoded, lineOf, slotStart } from './rowShares.ts';

const MOST_ROWS = 1_024;
const MOST_BYTES = 1 << 20;
const WORK_A_CALL = 1 << 24;
/** Blocks of a member between two pauses: threads meet seldom. */
const BLOCKS_A_ROUND = 8;

/** What a kernel call is given: some rows of the design in a member's memory, their own values, and the slot's sums. */
export type Block = { member: number; design: Pointer; values: Pointer[]; sums: Pointer; rows: number };

/** Values that go with the train rows, such as their weights. */
export type RowValues = Float64Array | Int32Array;

type Streaming = {
  problem: Problem; team: Team; pause: Pause;
  columns: number;
  /** Where in a row its target stands, behind the encoded columns; -1 or nothing: nowhere. */
  target?: number;
  values: readonly RowValues[];
  slots: number;
  /** Doubles of a slot's sum. */
  length: number;
  /** Multiplications a row costs. */
  work: number;
  op: (block: Block) => Op;
};

/** Rows that are in memory at once: no call is long, and a block and its sums stay in the processor's cache. */
function rowsOf({ columns, work }: Pick<Streaming, 'columns' | 'work'>): number {
  const fitting = Math.min(MOST_ROWS, MOST_BYTES / (lineOf(columns) * 8), WORK_A_CALL / work);
  return Math.max(64, Math.floor(fitting / 64) * 64);
}

/** Fewer where rows are so much work that the least height of a block is more than a call's. */
function blocksARound(parameters: Pick<Streaming, 'columns' | 'work'>): number {
  return Math.max(1, Math.min(BLOCKS_A_ROUND, Math.floor((BLOCKS_A_ROUND * WORK_A_CALL) / (rowsOf(parameters) * parameters.work))));
}

/** Bytes that {@link streamRows} takes in up to 16 members. */
export function streamBytes(parameters: Pick<Streaming, 'columns' | 'work' | 'slots' | 'length'>): number {
  const { columns, slots, length } = parameters;
  return slots * (length * 8 + rowsOf(parameters) * (lineOf(columns) * 8 + 16) + 64);
}

/**
 * One pass over the train rows that keeps none of them: members encode blocks of their own and add them to sums,
 * each slot of rows to its own. Returns the slots' sums, added up slot by slot. Every call must answer -1; else the sum
 * is of no use, and the answer is returned with it.
 */
export async function streamRows(parameters: Streaming): Promise<{ total: Float64Array; bad: boolean }> {
  const { problem, team, slots, length } = parameters;
  const { trainRows } = problem;
  let active = slots;
  while (active > team.size) active /= 2;
  const each = slots / active;
  const buffers = allocateBuffers(parameters, active, each);
  await parameters.pause();
  const height = rowsOf(parameters);
  const lists = Array.from({ length: active }, (_, member) => Array.from({ length: each }, (__, own) => {
    const [start, end] = [slotStart(trainRows, member * each + own, slots), slotStart(trainRows, member * each + own + 1, slots)];
    return Array.from({ length: Math.ceil((end - start) / height) }, (___, index) => ({ own, first: start + index * height, last: Math.min(end, start + (index + 1) * height) }));
  }).flat());
  const most = Math.max(...lists.map((list) => list.length));
  let bad = false;
  const blocks = blocksARound(parameters);
  for (let index = 0; index < most; index += blocks) {
    const tasks = lists.map((list, member) => list.slice(index, index + blocks).map((rows) => taskOf(parameters, buffers, { member, ...rows })));
    const answers = team.round((member) => (tasks[member] ?? []).flatMap(({ ops }) => ops));
    for (const [member, own] of tasks.entries()) {
      for (const [at, { ops, block }] of own.entries()) {
        const answered = answers[member]?.slice(at * ops.length, (at + 1) * ops.length) ?? [];
        checkEncoded(problem, block, answered[0]);
        bad ||= answered.at(-1) !== -1;
      }
    }
    await parameters.pause();
  }
  return { total: addUp(team, buffers.sums, { active, each, length }), bad };
}

type Buffers = Record<'design' | 'sums', Pointer[]> & { values: Pointer[][] };

function allocateBuffers(parameters: Streaming, active: number, each: number): Buffers {
  const { team, columns, values, length } = parameters;
  const height = rowsOf(parameters);
  const allocate = (bytes: number): Pointer[] => team.allocate((member) => (member < active ? bytes : 8));
  return { design: allocate(height * lineOf(columns) * 8), sums: allocate(each * length * 8), values: values.map(() => allocate(height * 8)) };
}

/** What a member does with some rows: encode them, take their own values, add them up. */
function taskOf(parameters: Streaming, buffers: Buffers, rows: { member: number; own: number; first: number; last: number }): { block: DesignBlock; ops: Op[] } {
  const { columns, target = -1, values, length, op } = parameters;
  const { member, own, first, last } = rows;
  const pointer = buffers.design[member] ?? 0;
  const pointers = buffers.values.map((list) => list[member] ?? 0);
  const block: DesignBlock = { first, last, pointer, line: lineOf(columns), at: 0, ones: -1, target };
  return {
    block,
    ops: [
      { encode: block },
      ...values.map((list, index) => ({ write: pointers[index] ?? 0, from: new Uint8Array(list.buffer, list.byteOffset + first * list.BYTES_PER_ELEMENT, (last - first) * list.BYTES_PER_ELEMENT) })),
      op({ member, design: pointer, values: pointers, sums: (buffers.sums[member] ?? 0) + own * length * 8, rows: last - first }),
    ],
  };
}

function addUp(team: Team, sums: Pointer[], { active, each, length }: { active: number; each: number; length: number }): Float64Array {
  const total = new Float64Array(length);
  for (let slot = 0; slot < active * each; slot += 1) {
    const member = Math.floor(slot / each);
    const values = new Float64Array(team.read(member, (sums[member] ?? 0) + (slot % each) * length * 8, length * 8).buffer);
    for (let index = 0; index < length; index += 1) total[index] = (total[index] ?? 0) + (values[index] ?? 0);
  }
  team.note(total);
  return total;
}
