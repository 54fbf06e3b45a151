import { readCsv } from './readCsv.ts';
import type { Schema, Table } from './table.ts';

/**
 * Reads the schema's columns of a table file.
 *
 * @throws EngineError as {@link readCsv}
 */
export function readTable(bytes: Uint8Array, schema: Schema): Table {
  return readCsv(bytes, schema);
}
