import { putValue } from './putValue.ts';
import { type ColumnBuilder, type Schema, type Table, createColumn, missingColumn } from './table.ts';
import { type TableRecord, walkJson, walkNdjson } from './walkRecords.ts';

/**
 * Reads the schema's columns of newline-delimited JSON: an object a line. A field that is left out, null, empty or `NA`
 * is missing.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_JSON, MISSING_COLUMN, BAD_NUMBER
 */
export function readNdjson(bytes: Uint8Array, schema: Schema): Table {
  return readRecords((begin) => walkNdjson(bytes, begin), schema);
}

/** Reads the schema's columns of a JSON array of objects, as {@link readNdjson} does. */
export function readJson(bytes: Uint8Array, schema: Schema): Table {
  return readRecords((begin) => walkJson(bytes, begin), schema);
}

type Column = { spec: Schema[number]; builder: ColumnBuilder; seen: boolean };

function readRecords(walk: (begin: (rows: number) => (row: number, record: TableRecord) => void) => { rows: number }, schema: Schema): Table {
  let columns: Column[] = [];
  const names = new Set<string>();
  const { rows } = walk((count) => {
    columns = schema.map((spec) => ({ spec, builder: createColumn(spec, count), seen: false }));
    return (row, record) => {
      if (row === 0) for (const name of Object.keys(record)) names.add(name);
      for (const column of columns) {
        const { name } = column.spec;
        const there = Object.hasOwn(record, name);
        column.seen ||= there;
        putValue({ builder: column.builder, spec: column.spec, row, value: there ? record[name] : null });
      }
    };
  });
  const absent = columns.find(({ seen }) => !seen);
  if (absent !== undefined) throw missingColumn(absent.spec.name, [...names]);
  return { rows, columns: columns.map(({ builder }) => builder.finish(rows)) };
}
