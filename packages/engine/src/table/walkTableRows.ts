import { isMissingValue, valueNumber, valueText } from './putValue.ts';
import type { TableFile } from './tableFile.ts';
import { walkArrow } from './walkArrow.ts';

/** Cells of some rows that follow each other, by column and row: texts, numbers that are exact, or null. */
export type TableRows = { names: string[]; rows: number; cell(column: number, row: number): string | number | null };

/** Gives the cells of an Arrow table, a few batches at a time, to whoever writes them in another format; the next ones come once that is done. @throws EngineError as {@link walkArrow} */
export async function walkTableRows(source: Uint8Array | TableFile, take: (rows: TableRows) => Promise<void>): Promise<void> {
  const columns: (string | number | null)[][] = [];
  let all: string[] = [];
  let before = 0;
  await walkArrow(source, (names) => {
    all = names;
    return names.map((name, index) => {
      const cells: (string | number | null)[] = [];
      columns[index] = cells;
      return { name, take: (_, value) => void cells.push(plain(value)) };
    });
  }, async (end) => {
    await take({ names: all, rows: end - before, cell: (column, row) => columns[column]?.[row] ?? null });
    before = end;
    for (const cells of columns) cells.length = 0;
  });
}

/** A number where it is told exactly, else its text; nested values are missing. */
function plain(value: unknown): string | number | null {
  if (isMissingValue(value)) return null;
  return typeof value === 'number' ? (valueNumber(value) ?? null) : (valueText(value) ?? null);
}
