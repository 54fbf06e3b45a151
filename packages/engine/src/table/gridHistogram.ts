/** Counts of numbers in cells of a grid: cell `first + i` has `counts[i]` numbers x with `first + i <= x / width < first + i + 1`. */
export type GridHistogram = { width: number; first: number; counts: number[] };

const MOST_CELLS = 20;
/** Of fewer numbers nothing is told anyway. */
const LEAST_NUMBERS = 20;

/**
 * Where sorted numbers lie, on a grid of round numbers: its width is one, two or five times a power of ten, the least with which 20 cells are as wide as the spread.
 * Whoever has the numbers comes to the same grid. Undefined of few numbers, of equal ones, and where the grid cannot tell them apart.
 */
export function gridHistogram(sorted: Float64Array): GridHistogram | undefined {
  const bounds = gridOf(sorted[0] ?? NaN, sorted.at(-1) ?? NaN, sorted.length);
  if (!bounds) return undefined;
  const { width, first, last } = bounds;
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const value of sorted) {
    const at = Math.floor(value / width) - first;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { width, first, counts };
}

/** The grid of that many numbers between two: its width, its first and its last cell. */
export function gridOf(min: number, max: number, numbers: number): { width: number; first: number; last: number } | undefined {
  // Halves, so that the difference of the largest numbers is one.
  const width = widthOf(max / 2 - min / 2);
  if (numbers < LEAST_NUMBERS || width === undefined) return undefined;
  const [first, last] = [Math.floor(min / width), Math.floor(max / width)];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || last - first > MOST_CELLS + 1) return undefined;
  return { width, first, last };
}

function widthOf(half: number): number | undefined {
  if (!(half > 0)) return undefined;
  const least = (half / MOST_CELLS) * 2;
  const exponent = Math.floor(Math.log10(least));
  const width = [1, 2, 5, 10, 20].map((factor) => Number(`${factor}e${exponent}`)).find((one) => one >= least);
  return width !== undefined && width > 0 && Number.isFinite(width) ? width : undefined;
}
