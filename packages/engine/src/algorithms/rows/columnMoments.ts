import { allocateIn } from './allocateIn.ts';
import type { Problem } from '../algorithm.ts';
import type { Pause } from '../../run/pause.ts';
import type { Team } from '../../team/team.ts';
import { findShift } from './findShift.ts';
import { ROWS_A_PANEL, lineOf, slotsFor } from './rowShares.ts';
import { streamBytes, streamRows } from './streamRows.ts';

/** Means of columns, and sums of products of their distances from the means: [columns, columns], the lower triangle. */
export type Moments = { columns: number; total: number; means: Float64Array; products: Float64Array };

/** Bytes that {@link columnMoments} takes. */
export function momentsBytes(columns: number): number {
  const line = lineOf(columns);
  const slots = slotsFor(line * (line + 1));
  return streamBytes({ columns, slots, length: line * (line + 1), work: (line * line) / 2 }) + slots * (2 * ROWS_A_PANEL + 1) * line * 8 + 65_536;
}

/**
 * First and second moments of the design's columns, the target's column (if `withTarget`) behind them, in one pass.
 * Products are of distances from a shift near the means, and are moved to the means at the end; without `centred` the
 * shift and the means are 0. weights: one for each train row, or null; `total` is their sum.
 */
export async function columnMoments(parameters: { problem: Problem; team: Team; pause: Pause; withTarget: boolean; centred: boolean; weights: Float64Array | null; total: number }): Promise<Moments> {
  const { problem, team, pause, withTarget, centred, weights, total } = parameters;
  const { width } = problem;
  const columns = width + (withTarget ? 1 : 0);
  const line = lineOf(columns);
  const length = line * (line + 1);
  const target = withTarget ? width : -1;
  const shift = centred ? findShift(problem, line, target) : new Float64Array(line);
  const shifts = allocateIn(team, shift);
  const panels = team.allocate(() => 2 * ROWS_A_PANEL * line * 8);
  const { total: sums } = await streamRows({
    problem, team, pause, columns, target, slots: slotsFor(length), length, work: (line * line) / 2, values: weights === null ? [] : [weights],
    op: ({ member, design, values: [own = 0], sums: at, rows }) => ({ call: 'momentRows', args: [design, line, shifts[member] ?? 0, own, panels[member] ?? 0, at, 0, rows] }),
  });
  return moveToMeans({ columns, line, total, shift, sums, centred });
}

/** sums: line sums of distances from the shift, then [line, line] sums of their products. */
function moveToMeans({ columns, line, total, shift, sums, centred }: { columns: number; line: number; total: number; shift: Float64Array; sums: Float64Array; centred: boolean }): Moments {
  const means = new Float64Array(columns);
  const products = new Float64Array(columns * columns);
  const away = Float64Array.from({ length: columns }, (_, column) => (centred ? (sums[column] ?? 0) / total : 0));
  for (let i = 0; i < columns; i += 1) {
    if (centred) means[i] = (shift[i] ?? 0) + (away[i] ?? 0);
    for (let j = 0; j <= i; j += 1) products[i * columns + j] = (sums[line + i * line + j] ?? 0) - total * ((away[i] ?? 0) * (away[j] ?? 0));
  }
  return { columns, total, means, products };
}
