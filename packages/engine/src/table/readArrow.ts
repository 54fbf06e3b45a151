import { putValue } from './putValue.ts';
import { type ColumnBuilder, type Schema, type Table, createColumn, missingColumn } from './table.ts';
import { walkArrow } from './walkArrow.ts';

/**
 * Reads the schema's columns of Arrow IPC, as a file or as a stream. Nulls are missing.
 *
 * @throws EngineError as {@link walkArrow}; MISSING_COLUMN, BAD_NUMBER
 */
export async function readArrow(bytes: Uint8Array, schema: Schema): Promise<Table> {
  const builders: ColumnBuilder[] = [];
  const { rows } = await walkArrow(bytes, (names, count) => schema.map((spec) => {
    if (!names.includes(spec.name)) throw missingColumn(spec.name, names);
    const builder = createColumn(spec, count);
    builders.push(builder);
    return { name: spec.name, take: (row, value) => putValue({ builder, spec, row, value }) };
  }));
  return { rows, columns: builders.map((builder) => builder.finish(rows)) };
}
