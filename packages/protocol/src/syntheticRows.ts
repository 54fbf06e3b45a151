import type { ManifestColumn } from './manifestColumn.ts';

/** What every synthetic preview says of itself, wherever it is shown. */
export const SYNTHETIC_LABEL = 'Synthetic: each cell is drawn from its column\'s published statistics. No row is real, and nothing that columns have to do with each other is kept.';

export type SyntheticRows = { synthetic: true; label: string; columns: string[]; /** A cell is null where it is missing, or where nothing of its column's values was published. */ rows: (string | number | null)[][] };

/** Of values that were not told. */
const OTHER = '(other)';

/**
 * Rows that look like those of a sealed table, drawn by a seed from what its publisher told of each column: histogram or quartiles of numbers, the commonest texts,
 * parts that are missing. Everybody who has the manifest draws the same rows; no row of the table is needed or known.
 *
 * @example syntheticRows({ columns: manifest['nd:columns'], totalRows: manifest['nd:rows'], rows: 10 });
 */
export function syntheticRows({ columns, totalRows, rows, seed = 1 }: { columns: readonly ManifestColumn[]; totalRows: number; rows: number; seed?: number }): SyntheticRows {
  const draw = createDraw(seed);
  const cells = Array.from({ length: rows }, () => columns.map((column) => drawCell(column, totalRows, draw)));
  return { synthetic: true, label: SYNTHETIC_LABEL, columns: columns.map(({ name }) => name), rows: cells };
}

function drawCell({ missing, statistics }: ManifestColumn, totalRows: number, draw: () => number): string | number | null {
  // Drawn first and always, so that what is told of a column moves no other one.
  const [place, within] = [draw(), draw()];
  if (draw() < missing / Math.max(1, totalRows) || !statistics) return null;
  if ('top' in statistics) {
    let sum = 0;
    for (const { value, share } of statistics.top) {
      sum += share;
      if (place < sum) return value;
    }
    return OTHER;
  }
  const { min, max, quartiles: [low, middle, high], histogram, step } = statistics;
  const value = histogram ? between(histogram.edges, histogram.shares, { place, within }) : between([min, low, middle, high, max], [0.25, 0.25, 0.25, 0.25], { place, within });
  const rounded = Math.round(Math.min(max, Math.max(min, value)) / step) * step;
  return Number(rounded.toPrecision(12)) + 0;
}

/** A number in one of the buckets, chosen by its share. */
function between(edges: readonly number[], shares: readonly number[], { place, within }: { place: number; within: number }): number {
  const total = shares.reduce((sum, share) => sum + share, 0) || 1;
  let left = place * total;
  let index = 0;
  while (index < shares.length - 1 && left >= (shares[index] ?? 0)) {
    left -= shares[index] ?? 0;
    index += 1;
  }
  const [from = 0, to = 0] = [edges[index], edges[index + 1]];
  return from + (to - from) * within;
}

/** Numbers from 0 up to 1. Source: Tommy Ettinger, mulberry32. */
function createDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
