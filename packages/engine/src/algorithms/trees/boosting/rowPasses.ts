import type { Pointer } from '../../../kernels/index.ts';
import type { Pause } from '../../../run/pause.ts';
import { type Team, partStart, parts, partsOf } from '../../../team/team.ts';
import type { Op } from '../../../team/ops.ts';

/** Rows of a kernel's call: a multiple of the block whose chances share a logarithm. */
const ROWS_A_CALL = 8_192;
const CALLS_A_ROUND = 8;

/** Calls a kernel over all rows, every member over its own parts at once. `first` and `last` count from the member's first row. */
export async function overRows(parameters: { team: Team; rows: number; pause: Pause; op: (member: number, part: number, rows: [first: number, last: number]) => Op }): Promise<void> {
  const { team, rows, pause, op } = parameters;
  const lists = Array.from({ length: team.size }, (_, member) => {
    const [firstPart, endPart] = partsOf(member, team.size);
    const own = partStart(rows, firstPart);
    const list: Op[] = [];
    for (let part = firstPart; part < endPart; part += 1) {
      const end = partStart(rows, part + 1) - own;
      for (let row = partStart(rows, part) - own; row < end; row += ROWS_A_CALL) list.push(op(member, part - firstPart, [row, Math.min(end, row + ROWS_A_CALL)]));
    }
    return list;
  });
  await inTurns({ team, lists, most: CALLS_A_ROUND, pause });
}

/** Each member's operations in order, `most` of them a round. */
export async function inTurns({ team, lists, most, pause }: { team: Team; lists: readonly Op[][]; most: number; pause: Pause }): Promise<void> {
  const length = Math.max(...lists.map((list) => list.length));
  for (let at = 0; at < length; at += most) {
    team.round((member) => lists[member]?.slice(at, at + most) ?? []);
    await pause();
  }
}

/** Sums kept part by part, `values` f64 for each, merged from the first part to the last. */
export function mergeParts(team: Team, pointers: readonly Pointer[], values: number): number[] {
  const sums = Array.from({ length: values }, () => 0);
  for (let member = 0; member < team.size; member += 1) {
    const [first, end] = partsOf(member, team.size);
    const bytes = team.read(member, pointers[member] ?? 0, (end - first) * values * 8);
    const own = new Float64Array(bytes.buffer, bytes.byteOffset, (end - first) * values);
    for (const [index, value] of own.entries()) sums[index % values] = (sums[index % values] ?? 0) + value;
  }
  return sums;
}

/** Zeroed room for {@link mergeParts}. */
export function partSums(team: Team, values: number): Pointer[] {
  return team.allocate(() => parts * values * 8);
}
