import { EngineError } from '../errors.ts';

/** What to do with a column's cells, from the first row to the last. Nulls come as null or undefined. */
export type ColumnVisit = { name: string; take(row: number, value: unknown): void };

/**
 * Walks over columns of an Apache Parquet file, one after the other; `begin` says which, by the file's columns and number
 * of rows. Numbers, texts, truth values and times are taken, nested columns are not.
 *
 * @throws EngineError EMPTY_FILE, BAD_PARQUET, and whatever `begin` and `take` throw
 */
export async function walkParquet(bytes: Uint8Array, begin: (names: string[], rows: number) => ColumnVisit[]): Promise<{ rows: number }> {
  // Loaded only for files that need it.
  const [{ parquetMetadata, parquetRead, parquetSchema }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(buffer);
    const rows = Number(metadata.num_rows);
    if (rows === 0) throw new EngineError('EMPTY_FILE', 'The table has no rows: add at least one row.');
    for (const { name, take } of begin(parquetSchema(metadata).children.map(({ element }) => element.name), rows)) {
      let filled = 0;
      let problem: unknown;
      await parquetRead({
        file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
        metadata, compressors, columns: [name],
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
