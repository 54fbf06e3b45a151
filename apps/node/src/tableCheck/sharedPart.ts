import { SKETCH_SIZE, type Sketch } from './sketchRows.ts';

/** Fewer rows that could be compared say nothing. */
const LEAST_ROWS = 32;

/**
 * Estimates the part of one table's different rows that another table has, from their sketches under one key. Up to the place where both sketches are whole, they name all
 * rows whose hash is that small, a random sample of the first table's: the standard error is at most 9 % for 32 rows, 3 % for 256. Undefined where fewer than 32 rows can be compared: of
 * few rows, or of few against very many, nothing is said.
 */
export function sharedPart(sketch: Sketch, other: Sketch): number | undefined {
  const end = Math.min(endOf(sketch), endOf(other));
  const sample = sketch.filter((hash) => hash <= end);
  if (sample.length < LEAST_ROWS) return undefined;
  const known = new Set(other);
  return sample.filter((hash) => known.has(hash)).length / sample.length;
}

/** Up to which hash a sketch is whole. */
function endOf(sketch: Sketch): number {
  return sketch.length < SKETCH_SIZE ? Infinity : (sketch.at(-1) ?? Infinity);
}
