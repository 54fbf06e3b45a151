import { putValue } from './putValue.ts';
import { type ColumnBuilder, type Schema, type Table, createColumn, missingColumn } from './table.ts';
import { walkParquet } from './walkParquet.ts';

/**
 * Reads the schema's columns of an Apache Parquet file, one after the other. Nulls are missing.
 *
 * @throws EngineError as {@link walkParquet}; MISSING_COLUMN, BAD_NUMBER
 */
export async function readParquet(bytes: Uint8Array, schema: Schema): Promise<Table> {
  const builders: ColumnBuilder[] = [];
  const { rows } = await walkParquet(bytes, (names, count) => schema.map((spec) => {
    if (!names.includes(spec.name)) throw missingColumn(spec.name, names);
    const builder = createColumn(spec, count);
    builders.push(builder);
    return { name: spec.name, take: (row, value) => putValue({ builder, spec, row, value }) };
  }));
  return { rows, columns: builders.map((builder) => builder.finish(rows)) };
}
