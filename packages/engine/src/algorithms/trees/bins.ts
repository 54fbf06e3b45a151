import type { Pointer } from '../../kernels/index.ts';
import { type DesignBlock, designColumns, gatherColumn } from '../../prepare/designSource.ts';
import type { Op } from '../../team/ops.ts';
import { type Team, partStart, partsOf } from '../../team/team.ts';
import type { Start } from '../algorithm.ts';
import { checkEncoded } from '../rows/rowShares.ts';

/** Rows from which thresholds are learned, at most. */
export const sampleRows = 65_536;
/** Places of a column's line of thresholds. */
const LINE = 256;
const BEHIND_COLUMNS = 128;
const SAMPLE_VALUES = 1 << 22;
const VALUES_A_WRITE = 1 << 17;

/** The train rows as bins: each member holds its parts' rows, or all rows. */
export type Bins = {
  width: number;
  /** Bytes from one row to the next in `rows`: a multiple of 4. */
  stride: number;
  /** By member: which train rows it holds. */
  shares: readonly { first: number; count: number }[];
  /** [width, 256]: the upper bounds of a column's bins but the last. */
  thresholds: Float64Array;
  /** Bins of each column, without the one for missing numbers. */
  counts: Int32Array;
  /** By member: u8 [rows, stride], row by row. */
  rows: Pointer[];
  /** By member: u8 [width, rows], column by column, and as many bytes behind them as a block of rows may reach beyond; none unless asked for. */
  columns: Pointer[];
};

/** The train rows of a member's parts. */
export function ownParts(team: Team, trainRows: number): Bins['shares'] {
  return Array.from({ length: team.size }, (_, member) => {
    const [first, end] = partsOf(member, team.size).map((part) => partStart(trainRows, part));
    return { first: first ?? 0, count: (end ?? 0) - (first ?? 0) };
  });
}

/** Finds thresholds on a sample of the train rows, and bins the rows of each member; `byColumn` as well, for splitting rows fast. */
export async function createBins(start: Start, { maxBins, shares, byColumn }: { maxBins: number; shares: Bins['shares']; byColumn: boolean }): Promise<Bins> {
  const { problem, team } = start;
  const { width } = problem;
  const stride = (width + 3) & ~3;
  const { thresholds, counts } = await findThresholds(start, maxBins);
  const rowsOf = (member: number): number => shares[member]?.count ?? 0;
  const bins: Bins = {
    width, stride, shares, thresholds, counts,
    rows: team.allocate((member) => rowsOf(member) * stride || 8),
    columns: byColumn ? team.allocate((member) => rowsOf(member) * width + BEHIND_COLUMNS) : [],
  };
  await fillBins(start, bins);
  return bins;
}

async function fillBins({ problem, team, pause }: Start, { width, stride, shares, thresholds, rows, columns }: Bins): Promise<void> {
  const taken = Math.max(16, Math.floor(VALUES_A_WRITE / width));
  const cuts = team.allocate(() => thresholds.length * 8);
  const design = team.allocate(() => taken * width * 8);
  for (let member = 0; member < team.size; member += 1) team.write(member, cuts[member] ?? 0, new Uint8Array(thresholds.buffer));
  const most = Math.max(...shares.map(({ count }) => count));
  for (let at = 0; at < most; at += taken) {
    const blocks = shares.map(({ first, count }, member): DesignBlock[] => {
      const end = Math.min(count, at + taken);
      return end <= at ? [] : [{ first: first + at, last: first + end, pointer: design[member] ?? 0, line: width, at: 0, ones: -1, target: -1 }];
    });
    const answers = team.round((member) => (blocks[member] ?? []).flatMap((block): Op[] => [
      { encode: block },
      { call: 'binRows', args: [block.pointer, width, cuts[member] ?? 0, rows[member] ?? 0, stride, columns[member] ?? 0, shares[member]?.count ?? 0, at, block.last - block.first] },
    ]));
    for (const [member, own] of blocks.entries()) for (const block of own) checkEncoded(problem, block, answers[member]?.[0]);
    await pause();
  }
}

async function findThresholds(start: Start, maxBins: number): Promise<Pick<Bins, 'thresholds' | 'counts'>> {
  const { problem, team, pause } = start;
  const { width, trainRows } = problem;
  const rows = Math.min(trainRows, sampleRows);
  const thresholds = new Float64Array(width * LINE);
  const counts = new Int32Array(width);
  const places = { values: team.allocate(() => rows * 8), scratch: team.allocate(() => rows * 8), counts: team.allocate(() => 8 * LINE * 4), line: team.allocate(() => LINE * 8) };
  const block = Math.max(1, Math.floor(SAMPLE_VALUES / rows));
  for (let first = 0; first < width; first += block) {
    const sample = await sampleColumns(start, [first, Math.min(width, first + block)]);
    for (let at = 0; at < sample.length; at += team.size) {
      const answers = team.round((member) => {
        const values = sample[at + member];
        if (values === undefined) return [];
        const [own = 0, scratch = 0, digits = 0, line = 0] = [places.values, places.scratch, places.counts, places.line].map((list) => list[member] ?? 0);
        return [
          { write: own, from: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) },
          { call: 'sortNumbers', args: [own, scratch, digits, values.length] },
          { call: 'findThresholds', args: [own, values.length, maxBins, line] },
          { read: line, bytes: LINE * 8 },
        ];
      });
      for (const [member, [, , found, line]] of answers.entries()) {
        if (typeof found !== 'number' || !(line instanceof Uint8Array)) continue;
        counts[first + at + member] = found + 1;
        thresholds.set(new Float64Array(line.buffer, line.byteOffset, LINE), (first + at + member) * LINE);
      }
      await pause();
    }
  }
  return { thresholds, counts };
}

/** The sample's numbers of the columns [first, last), missing ones left out. */
async function sampleColumns({ problem: { source, trainRows }, pause }: Start, [first, last]: [number, number]): Promise<Float64Array[]> {
  const rows = sampleOrder(trainRows);
  const columns: Float64Array[] = [];
  for (const { column, place } of designColumns(source).slice(first, last)) {
    columns.push(presentOf(gatherColumn(source, column, place, rows)));
    await pause();
  }
  return columns;
}

/** The numbers that are not missing, moved to the front. */
function presentOf(values: Float64Array): Float64Array {
  let count = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (value === value) values[count++] = value;
  }
  return values.subarray(0, count);
}

/**
 * Which train rows stand for all in the search for thresholds: all, or one of each of 65,536 runs of neighbours, drawn by
 * a hash of the run's number, so that no period in the rows is met.
 */
export function sampleOrder(trainRows: number): Int32Array {
  const rows = Math.min(trainRows, sampleRows);
  const order = new Int32Array(rows);
  for (let index = 0; index < rows; index += 1) {
    const first = Math.floor((index * trainRows) / rows);
    const gap = Math.floor(((index + 1) * trainRows) / rows) - first;
    const mixed = Math.imul(index ^ (index >>> 15), 0x2c1b3c6d);
    order[index] = first + (((mixed ^ (mixed >>> 12)) >>> 0) % gap);
  }
  return order;
}

/** A number as design rows hold it, which splits a column behind a bin: beyond the last bin, the greatest double. */
export function thresholdOf({ thresholds }: Pick<Bins, 'thresholds'>, column: number, bin: number): number {
  return Math.min(thresholds[column * LINE + bin] ?? 0, Number.MAX_VALUE);
}
