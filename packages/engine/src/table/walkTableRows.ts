import { isMissingValue, valueNumber, valueText } from './putValue.ts';
import { walkArrow } from './walkArrow.ts';

/** A table's cells by column and row: texts, numbers that are exact, or null. */
export type TableRows = { names: string[]; rows: number; cell(column: number, row: number): string | number | null };

/** The cells of an Arrow table, for whoever writes them in another format. @throws EngineError as {@link walkArrow} */
export async function walkTableRows(bytes: Uint8Array): Promise<TableRows> {
  const columns: (string | number | null)[][] = [];
  let all: string[] = [];
  const { rows } = await walkArrow(bytes, (names) => {
    all = names;
    return names.map((name, index) => {
      const cells: (string | number | null)[] = [];
      columns[index] = cells;
      return { name, take: (_, value) => void cells.push(plain(value)) };
    });
  });
  return { names: all, rows, cell: (column, row) => columns[column]?.[row] ?? null };
}

/** A number where it is told exactly, else its text; nested values are missing. */
function plain(value: unknown): string | number | null {
  if (isMissingValue(value)) return null;
  return typeof value === 'number' ? (valueNumber(value) ?? null) : (valueText(value) ?? null);
}
