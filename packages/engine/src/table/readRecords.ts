import { EngineError } from '../errors.ts';
import { putValue } from './putValue.ts';
import { type ColumnBuilder, type Schema, type Table, createColumn, missingColumn } from './table.ts';

const LINE_FEED = 10;

/**
 * Reads the schema's columns of newline-delimited JSON: an object a line. A field that is left out, null, empty or `NA`
 * is missing.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_JSON, MISSING_COLUMN, BAD_NUMBER
 */
export function readNdjson(bytes: Uint8Array, schema: Schema): Table {
  const lines: [start: number, end: number][] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    lines.push([start, end]);
    start = end + 1;
  }
  const reader = createReader(schema, lines.length);
  for (const [row, [start, end]] of lines.entries()) reader.add(row, parse(decode(bytes.subarray(start, end)), `Line ${row + 1}`));
  return reader.finish(lines.length);
}

/** Reads the schema's columns of a JSON array of objects, as {@link readNdjson} does. */
export function readJson(bytes: Uint8Array, schema: Schema): Table {
  const records = parse(decode(bytes), 'The file');
  if (!Array.isArray(records)) throw new EngineError('BAD_JSON', 'The file is not a JSON array: write a list of objects, one for each row.');
  const reader = createReader(schema, records.length);
  for (const [row, record] of records.entries()) reader.add(row, record);
  return reader.finish(records.length);
}

function createReader(schema: Schema, rows: number): { add(row: number, record: unknown): void; finish(rows: number): Table } {
  if (rows === 0) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs at least one row.');
  const columns = schema.map((spec): { spec: Schema[number]; builder: ColumnBuilder; seen: boolean } => ({ spec, builder: createColumn(spec, rows), seen: false }));
  const names = new Set<string>();
  return {
    add: (row, record) => {
      if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new EngineError('BAD_JSON', `Row ${row + 1} is not an object: write each row as an object of its fields.`);
      if (row === 0) for (const name of Object.keys(record)) names.add(name);
      for (const column of columns) {
        const { name } = column.spec;
        const there = Object.hasOwn(record, name);
        column.seen ||= there;
        putValue({ builder: column.builder, spec: column.spec, row, value: there ? (record as Record<string, unknown>)[name] : null });
      }
    },
    finish: (count) => {
      const absent = columns.find(({ seen }) => !seen);
      if (absent !== undefined) throw missingColumn(absent.spec.name, [...names]);
      return { rows: count, columns: columns.map(({ builder }) => builder.finish(count)) };
    },
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new EngineError('NOT_UTF8', 'The file is not valid UTF-8: save it as UTF-8 and try again.', { cause });
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError('BAD_JSON', `${what} is not valid JSON: write numbers as JSON does, and no NaN or Infinity.`, { cause });
  }
}
