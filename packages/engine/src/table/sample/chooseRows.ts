import { EngineError } from '../../errors.ts';
import { sha256 } from '../../hash.ts';

/** Which rows a sample has: the first ones, or as many drawn by a seed. */
export type SampleChoice = { rows: number; seed?: number };

/** The places of a sample's rows among `count`, ascending. @throws EngineError TOO_FEW_ROWS */
export function chooseRows(count: number, choice: SampleChoice): number[] {
  const { rows, seed } = choice;
  if (rows >= count) throw refuseWhole(choice);
  return seed === undefined ? Array.from({ length: rows }, (_, row) => row) : draw({ count, rows, seed });
}

export function refuseWhole({ rows }: SampleChoice): EngineError {
  return new EngineError('TOO_FEW_ROWS', `A sample of ${rows} rows would be the whole file: choose fewer rows.`);
}

/** The first steps of a Fisher-Yates shuffle; a step's number is the first six bytes of sha256("sample/seed/step"). */
function draw({ count, rows, seed }: { count: number; rows: number; seed: number }): number[] {
  const moved = new Map<number, number>();
  const chosen: number[] = [];
  for (let step = 0; step < rows; step += 1) {
    const digest = sha256(new TextEncoder().encode(`sample/${seed}/${step}`));
    const number = digest.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
    const at = step + (number % (count - step));
    chosen.push(moved.get(at) ?? at);
    moved.set(at, moved.get(step) ?? step);
  }
  return chosen.sort((a, b) => a - b);
}
