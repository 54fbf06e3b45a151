import { EngineError } from '../errors.ts';

/** A few bytes can stand for any number of equal cells. */
const MOST_ROWS = 2 ** 25;
const MOST_PAGE_BYTES = 2 ** 28;
/** Of all pages of a file together, decompressed. */
const MOST_FILE_BYTES = 2 ** 33;

/** What to do with a column's cells, from the first row to the last. Nulls come as null or undefined. */
export type ColumnVisit = { name: string; take(row: number, value: unknown): void };

/**
 * Walks over columns of an Apache Parquet file, one after the other; `begin` says which, by the file's columns and number
 * of rows. Numbers, texts, truth values and times are taken, nested columns are not.
 *
 * @throws EngineError EMPTY_FILE, BAD_PARQUET, TOO_LARGE where little is said to stand for very much, and whatever `begin` and `take` throw
 */
export async function walkParquet(bytes: Uint8Array, begin: (names: string[], rows: number) => ColumnVisit[]): Promise<{ rows: number }> {
  // Loaded only for files that need it.
  const [{ parquetMetadata, parquetRead, parquetSchema }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(buffer);
    const rows = Number(metadata.num_rows);
    if (rows === 0) throw new EngineError('EMPTY_FILE', 'The table has no rows: add at least one row.');
    if (!(rows <= MOST_ROWS)) throw new EngineError('TOO_LARGE', `The table says that it has ${rows} rows; at most ${MOST_ROWS} are read: split it into several tables.`);
    const bounded = boundDecompression(compressors);
    for (const { name, take } of begin(parquetSchema(metadata).children.map(({ element }) => element.name), rows)) {
      let filled = 0;
      let problem: unknown;
      await parquetRead({
        file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
        metadata, compressors: bounded, columns: [name],
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
      if (filled !== rows) throw new EngineError('BAD_PARQUET', `Column ${JSON.stringify(name)} holds ${filled} values for ${rows} rows: use a column that is not nested.`);
    }
    return { rows };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('BAD_PARQUET', 'The file is not a Parquet file that can be read: write it again, with snappy, gzip, zstd or no compression.', { cause });
  }
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
