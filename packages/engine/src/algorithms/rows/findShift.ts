import type { Problem } from '../algorithm.ts';
import { slotStart } from './rowShares.ts';

const SHIFT_ROWS = 64;
const SHIFT_PLACES = 16;

/** The means of 64 rows at each of 16 places of the table: good enough to keep products small, and cheap. `target`: where in a row the target stands, -1: nowhere. */
export function findShift(problem: Problem, line: number, target = -1): Float64Array {
  const shift = new Float64Array(line);
  let count = 0;
  for (let place = 0; place < SHIFT_PLACES; place += 1) {
    const first = slotStart(problem.trainRows, place, SHIFT_PLACES);
    const rows = Math.min(SHIFT_ROWS, slotStart(problem.trainRows, place + 1, SHIFT_PLACES) - first);
    const design = problem.encode(first, first + rows, { design: new Float64Array(rows * line), line, at: 0 });
    if (target >= 0) for (let row = 0; row < rows; row += 1) design[row * line + target] = problem.targets[first + row] ?? 0;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < line; column += 1) shift[column] = (shift[column] ?? 0) + (design[row * line + column] ?? 0);
    }
    count += rows;
  }
  return shift.map((value) => value / count);
}
