import { EngineError } from '../../errors.ts';
import type { Start } from '../algorithm.ts';
import { allocateIn } from '../rows/allocateIn.ts';
import { findShift } from '../rows/findShift.ts';
import { lineOf, slotsFor } from '../rows/rowShares.ts';
import { streamBytes, streamRows } from '../rows/streamRows.ts';

/** Of each class: the weight of its rows, and by column the sums of the rows less `shift`, and of their squares. */
export type ClassSums = { shift: Float64Array; weights: number[]; total: number; sums: Float64Array[]; /** 0 where counts are summed. */ squares: Float64Array[] };

function sizesOf(width: number, classes: number): { columns: number; line: number; length: number; slots: number; work: number } {
  const line = lineOf(width);
  const length = classes * (4 + 2 * line);
  return { columns: width, line, length, slots: slotsFor(length), work: 4 * line };
}

/** Bytes that {@link classSums} takes. */
export function classSumsBytes(width: number, classes: number): number {
  return streamBytes(sizesOf(width, classes)) + 16 * 8 * lineOf(width) + 65_536;
}

/**
 * One pass over the train rows. `counts`: the columns must not be negative, and there is no shift.
 *
 * @throws EngineError BAD_NUMBER for a class without weight, or a negative count
 */
export async function classSums({ problem, team, pause }: Start, counts: boolean): Promise<ClassSums> {
  const { width, classes, trainRows, targets, weights } = problem;
  const sizes = sizesOf(width, classes.length);
  const { line } = sizes;
  const shift = counts ? new Float64Array(line) : findShift(problem, line);
  const shifts = counts ? [] : allocateIn(team, shift);
  // Not `from`, which goes through them one by one.
  const codes = new Int32Array(targets.subarray(0, trainRows));
  const { total, bad } = await streamRows({
    ...sizes, problem, team, pause, values: weights === null ? [codes] : [codes, weights],
    op: ({ member, design, values: [own = 0, weight = 0], sums, rows }) => (counts
      ? { call: 'countRows', args: [design, line, own, weight, sums, 0, rows] }
      : { call: 'classRows', args: [design, line, own, weight, shifts[member] ?? 0, sums, 0, rows] }),
  });
  if (bad) throw new EngineError('BAD_NUMBER', 'A training row has a negative number, where counts are wanted: choose other columns, set spec.preprocess.scale to "none", or take gaussian-naive-bayes.');
  const step = 4 + 2 * line;
  const part = (at: number, count: number): Float64Array => total.slice(at, at + count);
  const own = classes.map((_, index) => total[index * step] ?? 0);
  const all = own.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of own.entries()) {
    // The logarithm of a share below this is not computed.
    if (!(weight / all > 1e-300 && all < Infinity)) throw new EngineError('BAD_NUMBER', `The training rows of class ${JSON.stringify(classes[index])} have the weight ${weight}: give at least one of them a weight above 0, and none a huge one.`);
  }
  if (!total.every(Number.isFinite)) throw new EngineError('NOT_FINITE', 'Sums of the columns left the range of finite numbers: rescale the columns.');
  return {
    shift: shift.slice(0, width), weights: own, total: all,
    sums: own.map((_, index) => part(index * step + 4, width)),
    squares: own.map((_, index) => part(index * step + 4 + line, width)),
  };
}
