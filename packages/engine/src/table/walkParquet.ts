import type { AsyncBuffer, ParquetReadOptions } from 'hyparquet';
import { EngineError } from '../errors.ts';
import { type TableFile, tableFileOf } from './tableFile.ts';

/** A few bytes can stand for any number of equal cells. */
const MOST_ROWS = 2 ** 25;
const MOST_PAGE_BYTES = 2 ** 28;
/** Of all pages of a file together, decompressed. */
const MOST_FILE_BYTES = 2 ** 33;

/** What to do with a column's cells, from the first row to the last. Nulls come as null or undefined. */
export type ColumnVisit = { name: string; take(row: number, value: unknown): void };
/** Which columns to visit, by the file's columns and number of rows. */
export type BeginColumns = (names: string[], rows: number) => ColumnVisit[];
/** Is told how many rows have come so far, in all columns; where it says false, nothing more is read. */
export type EndBatch = (rows: number) => unknown;

/**
 * Walks over columns of an Apache Parquet file: row group by row group, and within one column by column, so that no more than one column of one row group is in memory. `begin` says which
 * columns. Numbers, texts, truth values and times are taken, nested columns are not.
 *
 * @throws EngineError EMPTY_FILE, BAD_PARQUET, TOO_LARGE where little is said to stand for very much, and whatever `begin`, `take` and `endBatch` throw
 */
export async function walkParquet(source: Uint8Array | TableFile, begin: BeginColumns, endBatch?: EndBatch): Promise<{ rows: number }> {
  // Loaded only for files that need it.
  const [{ parquetMetadataAsync, parquetRead, parquetSchema }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const file = bufferOf(tableFileOf(source));
  try {
    const metadata = await parquetMetadataAsync(file);
    const rows = Number(metadata.num_rows);
    if (rows === 0) throw new EngineError('EMPTY_FILE', 'The table has no rows: add at least one row.');
    if (!(rows <= MOST_ROWS)) throw new EngineError('TOO_LARGE', `The table says that it has ${rows} rows; at most ${MOST_ROWS} are read: split it into several tables.`);
    const held = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (held !== rows) throw new EngineError('BAD_PARQUET', `The file says that it has ${rows} rows and holds ${held}: write it again.`);
    const bounded = boundDecompression(compressors);
    const columns = begin(parquetSchema(metadata).children.map(({ element }) => element.name), rows);
    let done = 0;
    for (const group of metadata.row_groups) {
      const count = Number(group.num_rows);
      const alone = { ...metadata, num_rows: group.num_rows, row_groups: [group] };
      for (const { name, take } of columns) {
        const filled = await readColumn(parquetRead, { file, metadata: alone, compressors: bounded, columns: [name] }, (row, value) => take(done + row, value));
        if (filled !== count) throw new EngineError('BAD_PARQUET', `Column ${JSON.stringify(name)} holds ${filled} values for ${count} rows: use a column that is not nested.`);
      }
      done += count;
      if ((await endBatch?.(done)) === false) break;
    }
    return { rows };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('BAD_PARQUET', 'The file is not a Parquet file that can be read: write it again, with snappy, gzip, zstd or no compression.', { cause });
  }
}

/** Gives the cells of a column, and says how many there were. */
async function readColumn(parquetRead: (options: ParquetReadOptions) => Promise<void>, options: ParquetReadOptions, take: (row: number, value: unknown) => void): Promise<number> {
  let filled = 0;
  let problem: unknown;
  await parquetRead({
    ...options,
    // What is thrown here would be lost in the reader's own work.
    onChunk: ({ columnData, rowStart }) => {
      try {
        for (let index = 0; index < columnData.length; index += 1) take(rowStart + index, columnData[index] as unknown);
      } catch (error) {
        problem ??= error;
      }
      filled += columnData.length;
    },
  });
  if (problem !== undefined) throw problem;
  return filled;
}

/** Memory of its own, since the reader takes no view. */
function bufferOf({ size, read }: TableFile): AsyncBuffer {
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (!(start >= 0 && start <= end)) throw new RangeError('bytes outside of the file');
      const bytes = await read(start, Math.min(end, size) - Math.min(start, size));
      return bytes.buffer instanceof ArrayBuffer && bytes.length === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
    },
  };
}

type Decompress = (input: Uint8Array, outputLength: number) => Uint8Array;

/** Decompressors that are asked for no more than a file may reasonably hold: a page says itself how long it becomes. */
function boundDecompression(compressors: Partial<Record<string, Decompress>>): Record<string, Decompress> {
  let total = 0;
  return Object.fromEntries(Object.entries(compressors).map(([codec, decompress]) => [codec, (input: Uint8Array, outputLength: number) => {
    total += outputLength;
    if (!(outputLength <= MOST_PAGE_BYTES && total <= MOST_FILE_BYTES)) throw new EngineError('TOO_LARGE', `A page of the file says that ${input.length} bytes become ${outputLength}: write it again, with smaller pages.`);
    return decompress?.(input, outputLength) ?? new Uint8Array();
  }]));
}
