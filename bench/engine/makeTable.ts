import { type RandomNumbers, createRandomNumbers } from './randomNumbers.ts';
import type { BenchData } from './benchCase.ts';

/** Normal columns, and a target computed from each row. A quarter more rows than train are made, for quality. */
export function makeTable(parameters: { trainRows: number; width: number; seed: number; target: ((row: Float64Array, random: RandomNumbers) => number) | null }): BenchData {
  const { trainRows, width, seed, target } = parameters;
  const random = createRandomNumbers(seed);
  const rows = Math.floor(trainRows * 1.25);
  const columns = Array.from({ length: width }, () => new Float64Array(rows));
  const targets = target === null ? null : new Float64Array(rows);
  const values = new Float64Array(width);
  for (let row = 0; row < rows; row += 1) {
    for (const [index, column] of columns.entries()) {
      values[index] = random.normal();
      column[row] = values[index] ?? 0;
    }
    if (target !== null && targets !== null) targets[row] = target(values, random);
  }
  return { columns, target: targets, trainRows };
}
