import { type Matrix, at } from './matrix.ts';
import { lineOf, slotsOf, sumInSlots } from './slots.ts';

/** Means of columns, and sums of products of their distances from the means. */
export type Moments = { total: number; means: number[]; products: Matrix };

/** First and second moments of the columns, each row counting as its weight. */
export function momentsOf(rows: Matrix, weights: number[], centred: boolean): Moments {
  const columns = rows[0]?.length ?? 0;
  const line = lineOf(columns);
  const slots = slotsOf(rows.length, line * (line + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shift = centred ? shiftOf(rows) : Array.from({ length: columns }, () => 0);
  const x = (row: number, column: number): number => at(rows, row, column) - (shift[column] ?? 0);
  const indices = [...shift.keys()];
  const away = indices.map((i) => (centred ? sumInSlots(slots, (row) => (weights[row] ?? 0) * x(row, i)) / total : 0));
  const products = indices.map((i) => indices.map((j) => {
    const [low, high] = [Math.min(i, j), Math.max(i, j)];
    return sumInSlots(slots, (row) => (weights[row] ?? 0) * x(row, high) * x(row, low)) - total * ((away[high] ?? 0) * (away[low] ?? 0));
  }));
  return { total, means: indices.map((i) => (centred ? (shift[i] ?? 0) + (away[i] ?? 0) : 0)), products };
}

/** Means of the first 64 rows of each sixteenth. */
export function shiftOf(rows: Matrix): number[] {
  const chosen = Array.from({ length: 16 }, (_, place) => {
    const [first, end] = [Math.floor((rows.length * place) / 16), Math.floor((rows.length * (place + 1)) / 16)];
    return rows.slice(first, Math.min(end, first + 64));
  }).flat();
  return (rows[0] ?? []).map((_, column) => {
    let sum = 0;
    for (const row of chosen) sum += row[column] ?? 0;
    return sum / chosen.length;
  });
}
