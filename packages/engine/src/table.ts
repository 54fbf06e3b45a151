import { sha256 } from '@noble/hashes/sha2.js';
import { isMissing } from './cell.ts';
import type { Table } from './csv.ts';
import { EngineError } from './errors.ts';
import { type Digest, toHex } from './hash.ts';

const MISSING_LENGTH = 0xffffffff;
const FLUSH_AT = 1 << 16;

/**
 * SHA-256 of the table's canonical encoding: "NDT1", u32 columns, u32 rows, then for each column its
 * name and its cells from the first row, each as u32 length and UTF-8; a missing cell is the length
 * 2^32 - 1 alone. Integers are little-endian. Quoting, line ends and a BOM do not change it.
 */
export function tableDigest(table: Table): Digest {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  let buffer = new Uint8Array(FLUSH_AT * 2);
  let view = new DataView(buffer.buffer);
  let used = 0;
  const room = (bytes: number): void => {
    if (used >= FLUSH_AT || used + bytes > buffer.length) {
      hash.update(buffer.subarray(0, used));
      used = 0;
    }
    if (bytes > buffer.length) {
      buffer = new Uint8Array(bytes);
      view = new DataView(buffer.buffer);
    }
  };
  const putLength = (value: number): void => {
    room(4);
    view.setUint32(used, value, true);
    used += 4;
  };
  const putText = (text: string): void => {
    // A UTF-16 code unit takes at most three bytes of UTF-8.
    room(4 + text.length * 3);
    const { written } = encoder.encodeInto(text, buffer.subarray(used + 4));
    view.setUint32(used, written, true);
    used += 4 + written;
  };
  hash.update(encoder.encode('NDT1'));
  putLength(table.names.length);
  putLength(table.rows);
  for (const [index, name] of table.names.entries()) {
    putText(name);
    for (const cell of table.columns[index] ?? []) {
      if (isMissing(cell)) putLength(MISSING_LENGTH);
      else putText(cell);
    }
  }
  hash.update(buffer.subarray(0, used));
  return toHex(hash.digest());
}

/** The cells of a column by name. @throws EngineError MISSING_COLUMN */
export function column(table: Table, name: string): string[] {
  const cells = table.columns[table.names.indexOf(name)];
  if (cells !== undefined) return cells;
  throw new EngineError(
    'MISSING_COLUMN',
    `The table has no column ${JSON.stringify(name)}: its columns are ${table.names.map((known) => JSON.stringify(known)).join(', ')}.`,
  );
}
