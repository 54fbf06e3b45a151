import { isMissing, readNumber } from './cell.ts';
import { parseCsv } from './csv.ts';

/** Counts over all rows; min, max and mean of numeric columns leave missing cells out. */
export type TableProfile = {
  rows: number;
  columns: { name: string; kind: 'numeric' | 'categorical'; missing: number; distinct: number; min?: number; max?: number; mean?: number }[];
};

/**
 * Describes a CSV table. A column is numeric when it has a present cell and all of them are numbers.
 *
 * @throws EngineError as {@link parseCsv}
 */
export function profileCsv(bytes: Uint8Array): TableProfile {
  const table = parseCsv(bytes);
  return { rows: table.rows, columns: table.names.map((name, index) => profileColumn(name, table.columns[index] ?? [])) };
}

function profileColumn(name: string, cells: string[]): TableProfile['columns'][number] {
  const present = cells.filter((cell) => !isMissing(cell));
  const missing = cells.length - present.length;
  const numbers: number[] = [];
  for (const cell of present) {
    const value = readNumber(cell);
    if (value === undefined) break;
    numbers.push(value);
  }
  if (present.length === 0 || numbers.length < present.length) {
    return { name, kind: 'categorical', missing, distinct: new Set(present).size };
  }
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let scaledSum = 0;
  for (const value of numbers) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    scaledSum += value / numbers.length;
  }
  // The scaled sum rounds more often, but cannot overflow where the plain one does.
  const mean = Number.isFinite(sum) ? sum / numbers.length : scaledSum;
  return { name, kind: 'numeric', missing, distinct: new Set(numbers).size, min, max, mean };
}
