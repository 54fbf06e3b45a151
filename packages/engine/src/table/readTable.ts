import { readCsv } from './readCsv.ts';
import { readParquet } from './readParquet.ts';
import { readJson, readNdjson } from './readRecords.ts';
import type { Schema, Table } from './table.ts';

export type TableFormat = 'csv' | 'json' | 'ndjson' | 'parquet';

/** The format that the content shows: `PAR1` begins Parquet, a bracket JSON, a brace NDJSON, anything else CSV. The file's name says nothing. */
export function formatOf(bytes: Uint8Array): TableFormat {
  if (bytes[0] === 80 && bytes[1] === 65 && bytes[2] === 82 && bytes[3] === 49) return 'parquet';
  const first = bytes.find((byte) => byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13);
  if (first === 91) return 'json';
  return first === 123 ? 'ndjson' : 'csv';
}

/**
 * Reads the schema's columns of a table file: CSV, JSON, NDJSON or Parquet. The same table in any of them is the same
 * table, with the same digest.
 *
 * @throws EngineError as the format's reader
 */
export async function readTable(bytes: Uint8Array, schema: Schema): Promise<Table> {
  return formatOf(bytes) === 'parquet' ? readParquet(bytes, schema) : readTextTable(bytes, schema);
}

/** {@link readTable} of the formats that are text. */
export function readTextTable(bytes: Uint8Array, schema: Schema): Table {
  const format = formatOf(bytes);
  if (format === 'json') return readJson(bytes, schema);
  return format === 'ndjson' ? readNdjson(bytes, schema) : readCsv(bytes, schema);
}
