import { readArrow } from './readArrow.ts';
import { plainCsv, utf8Of } from './plainCsv.ts';
import { readCsv } from './readCsv.ts';
import { readParquet } from './readParquet.ts';
import { readJson, readNdjson } from './readRecords.ts';
import type { Schema, Table } from './table.ts';

export type TableFormat = 'csv' | 'json' | 'ndjson' | 'parquet' | 'arrow' | 'arrow-stream';

const PARQUET = [80, 65, 82, 49];
const ARROW_FILE = [65, 82, 82, 79, 87, 49];
const CONTINUED = [255, 255, 255, 255];

/**
 * The format that the content shows: `PAR1` begins Parquet, `ARROW1` or a message's mark Arrow, a bracket JSON, a brace NDJSON, anything else CSV, whatever its
 * delimiter and encoding. The file's name says nothing.
 */
export function formatOf(bytes: Uint8Array): TableFormat {
  const begins = (mark: readonly number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  if (begins(PARQUET)) return 'parquet';
  if (begins(ARROW_FILE)) return 'arrow';
  if (begins(CONTINUED)) return 'arrow-stream';
  const text = utf8Of(bytes.subarray(0, HEAD_BYTES));
  const start = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  const first = text.find((byte, at) => at >= start && byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13);
  if (first === 91) return 'json';
  return first === 123 ? 'ndjson' : 'csv';
}

/** Even, so that it does not cut a UTF-16 unit. */
const HEAD_BYTES = 1 << 12;

/**
 * Reads the schema's columns of a table file: CSV, JSON, NDJSON, Parquet or Arrow. The same table in any of them is the same
 * table, with the same digest.
 *
 * @throws EngineError as the format's reader
 */
export async function readTable(bytes: Uint8Array, schema: Schema): Promise<Table> {
  const format = formatOf(bytes);
  if (format === 'arrow' || format === 'arrow-stream') return readArrow(bytes, schema);
  return format === 'parquet' ? readParquet(bytes, schema) : readTextTable(bytes, schema);
}

/** {@link readTable} of the formats that are text. */
export function readTextTable(bytes: Uint8Array, schema: Schema): Table {
  const format = formatOf(bytes);
  if (format === 'json') return readJson(utf8Of(bytes), schema);
  return format === 'ndjson' ? readNdjson(utf8Of(bytes), schema) : readCsv(plainCsv(bytes), schema);
}
