import { EngineError } from '../errors.ts';
import { putValue } from './putValue.ts';
import { type Schema, type Table, createColumn, missingColumn } from './table.ts';

/**
 * Reads the schema's columns of an Apache Parquet file, one after the other. Nulls are missing; numbers, texts, truth
 * values and times are taken, nested columns are not.
 *
 * @throws EngineError EMPTY_FILE, BAD_PARQUET, MISSING_COLUMN, BAD_NUMBER
 */
export async function readParquet(bytes: Uint8Array, schema: Schema): Promise<Table> {
  // Loaded only for files that need it.
  const [{ parquetMetadata, parquetRead, parquetSchema }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(buffer);
    const rows = Number(metadata.num_rows);
    if (rows === 0) throw new EngineError('EMPTY_FILE', 'The table has no rows: add at least one row.');
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const columns = [];
    for (const spec of schema) {
      if (!names.includes(spec.name)) throw missingColumn(spec.name, names);
      const builder = createColumn(spec, rows);
      let filled = 0;
      let problem: unknown;
      await parquetRead({
        file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
        metadata, compressors, columns: [spec.name],
        // What is thrown here would be lost in the reader's own work.
        onChunk: ({ columnData, rowStart }) => {
          try {
            for (let index = 0; index < columnData.length; index += 1) putValue({ builder, spec, row: rowStart + index, value: columnData[index] as unknown });
          } catch (error) {
            problem ??= error;
          }
          filled += columnData.length;
        },
      });
      if (problem !== undefined) throw problem;
      if (filled !== rows) throw new EngineError('BAD_PARQUET', `Column ${JSON.stringify(spec.name)} holds ${filled} values for ${rows} rows: use a column that is not nested.`);
      columns.push(builder.finish(rows));
    }
    return { rows, columns };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('BAD_PARQUET', 'The file is not a Parquet file that can be read: write it again, with snappy, gzip, zstd or no compression.', { cause });
  }
}
