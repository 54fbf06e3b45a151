import { readNumber } from './cell.ts';
import { type GridHistogram, gridHistogram } from './gridHistogram.ts';

type NumberFacts = { distinct: number; min: number; max: number; mean: number; deviation?: number; quartiles: [number, number, number]; histogram?: GridHistogram };

/** Figures of a numeric column by its different texts and how often each stands there: the same in whatever order the rows are. There is one text at least. */
export function describeNumbers(texts: ReadonlyMap<string, number>, present: number): NumberFacts {
  const sorted = sortedNumbers(texts, present);
  let distinct = 1;
  for (let at = 1; at < sorted.length; at += 1) if (sorted[at] !== sorted[at - 1]) distinct += 1;
  const mean = meanOf(sorted);
  const deviation = Math.sqrt(sorted.reduce((total, value) => total + (value - mean) ** 2, 0) / sorted.length);
  const histogram = gridHistogram(sorted);
  return {
    distinct, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN, mean,
    ...(Number.isFinite(deviation) ? { deviation } : {}),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)],
    ...(histogram ? { histogram } : {}),
  };
}

function sortedNumbers(texts: ReadonlyMap<string, number>, present: number): Float64Array {
  const numbers = new Float64Array(present);
  let at = 0;
  for (const [text, count] of texts) {
    numbers.fill(readNumber(text) ?? NaN, at, at + count);
    at += count;
  }
  return numbers.sort();
}

function meanOf(values: Float64Array): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (Number.isFinite(sum)) return sum / values.length;
  // Welford's mean rounds more often, but cannot overflow where the sum does.
  return values.reduce((mean, value, index) => mean + (value / (index + 1) - mean / (index + 1)), 0);
}

/** Between neighbours by their distance. Source: Hyndman and Fan, "Sample quantiles in statistical packages", 1996, type 7. */
function quantile(sorted: Float64Array, part: number): number {
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  const rest = place - Math.floor(place);
  return low * (1 - rest) + high * rest;
}
