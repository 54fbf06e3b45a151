import { z } from 'zod';

const MOST_BUCKETS = 24;
/** Nobody may go below: a bucket of fewer rows would point at them. */
export const LEAST_ROWS = 10;

/** Where a column's numbers lie, as its publisher tells it. */
export const columnHistogramSchema = z.strictObject({
  /** Ascending multiples of `width`, one more than there are buckets; a bucket has its lower edge and not its upper one. */
  edges: z.array(z.number().refine(Number.isFinite)).min(3).max(MOST_BUCKETS + 1),
  /** Parts of the cells that are not missing, rounded to hundredths. */
  shares: z.array(z.number().min(0).max(1)).min(2).max(MOST_BUCKETS),
  /** All edges are multiples of it. */
  width: z.number().positive().refine(Number.isFinite),
  /** No bucket has fewer rows. */
  leastRows: z.number().int().min(LEAST_ROWS),
});
export type ColumnHistogram = z.output<typeof columnHistogramSchema>;

/** As the engine measures it: `counts[i]` numbers lie in cell `first + i` of a grid of this width. */
export type MeasuredHistogram = { width: number; first: number; counts: readonly number[] };

/**
 * What may be told of a measured histogram: neighbouring cells are joined until each bucket has `leastRows` rows (k-anonymous buckets), shares are hundredths. Undefined
 * where fewer than two buckets are left, or where the grid is finer than `step`, to which the column's other figures are rounded.
 */
export function publishedHistogram({ measured: { width, first, counts }, leastRows = LEAST_ROWS, step }: { measured: MeasuredHistogram; leastRows?: number; step: number }): ColumnHistogram | undefined {
  if (width < step * (1 - ROUNDING)) return undefined;
  const least = Math.max(LEAST_ROWS, leastRows);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const buckets: { from: number; rows: number }[] = [];
  for (const [index, count] of counts.entries()) {
    const last = buckets.at(-1);
    if (last && last.rows < least) last.rows += count;
    else buckets.push({ from: first + index, rows: count });
  }
  // What is left over at the end joins the bucket before.
  const [before, end] = [buckets.at(-2), buckets.at(-1)];
  if (before && end && end.rows < least) {
    before.rows += end.rows;
    buckets.pop();
  }
  if (buckets.length < 2) return undefined;
  const edges = [...buckets.map(({ from }) => from), first + counts.length].map((at) => edgeAt(at, width));
  return { edges, shares: buckets.map(({ rows }) => Math.round((rows / total) * 100) / 100), width, leastRows: least };
}

/** Part of a width by which arithmetic may differ. */
const ROUNDING = 1e-6;

/** Dividing by the inverse rounds once, so that three tenths are 0.3. */
function edgeAt(at: number, width: number): number {
  return (width < 1 ? at / Number((1 / width).toPrecision(1)) : at * width) + 0;
}

/** Where a told histogram is not true of the measured one, in words that do not tell the truth itself; undefined where it holds. */
export function findHistogramProblem(said: ColumnHistogram, measured: MeasuredHistogram | undefined): string | undefined {
  if (!measured || Math.abs(measured.width - said.width) > said.width * ROUNDING) return 'a histogram of another grid';
  const cells = said.edges.map((edge) => Math.round(edge / said.width) - measured.first);
  const fits = said.edges.length === said.shares.length + 1 && cells[0] === 0 && cells.at(-1) === measured.counts.length && cells.every((cell, index) => index === 0 || cell > (cells[index - 1] ?? 0));
  if (!fits || said.edges.some((edge, index) => Math.abs(edge - edgeAt(measured.first + (cells[index] ?? 0), said.width)) > said.width * ROUNDING)) return 'a histogram whose edges are not those of its grid';
  const total = measured.counts.reduce((sum, count) => sum + count, 0);
  for (const [index, share] of said.shares.entries()) {
    const rows = measured.counts.slice(cells[index], cells[index + 1]).reduce((sum, count) => sum + count, 0);
    if (rows < said.leastRows) return 'a bucket of fewer rows than it says';
    if (Math.abs(share - rows / total) > 0.01) return 'a share of a bucket that is off by more than a hundredth';
  }
  return undefined;
}
