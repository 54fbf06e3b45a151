import { open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { arrowCell, arrowColumn, distinctNames } from './arrowTypes.ts';
import { createArrowFile } from './createArrowFile.ts';

/** A batch is written once it has so many cells, or texts of so many characters; a chunk of DuckDB, 2,048 rows, is never cut. */
const [BATCH_CELLS, BATCH_CHARACTERS] = [1 << 18, 1 << 25];

type Parameters = {
  connection: DuckDBConnection;
  columns: readonly { name: string; type: string }[];
  /** What is asked, as a table with the columns c0, c1 and so on. */
  from: string;
  file: string;
};

/** Writes an answer as an Arrow IPC file, in record batches as they come; how many rows there are. */
export async function writeArrow({ connection, columns, from, file }: Parameters): Promise<number> {
  const names = distinctNames(columns.map(({ name }) => name));
  const made = columns.map((column, index) => arrowColumn({ ...column, name: names[index] ?? column.name }, `c${index}`));
  const handle = await open(file, 'w');
  try {
    const arrow = await createArrowFile(made, async (bytes) => void await handle.writeFile(bytes));
    const result = await connection.stream(`SELECT ${made.map(({ sql }, index) => `${sql} AS c${index}`).join(', ')} FROM ${from}`);
    let held = emptyBatch(made.length);
    let rows = 0;
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      rows += chunk.rowCount;
      for (const [index, values] of held.columns.entries()) {
        for (const value of chunk.getColumnValues(index)) {
          const cell = arrowCell(value);
          values.push(cell);
          if (typeof cell === 'string') held.characters += cell.length;
        }
      }
      if ((held.columns[0]?.length ?? 0) * made.length < BATCH_CELLS && held.characters < BATCH_CHARACTERS) continue;
      await arrow.add(held.columns);
      held = emptyBatch(made.length);
    }
    if ((held.columns[0]?.length ?? 0) > 0) await arrow.add(held.columns);
    await arrow.end();
    return rows;
  } finally {
    await handle.close();
  }
}

function emptyBatch(count: number): { columns: unknown[][]; characters: number } {
  return { columns: Array.from({ length: count }, () => []), characters: 0 };
}
