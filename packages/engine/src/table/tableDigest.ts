import { type Digest, type Hash, createSha256, toHex } from '../hash.ts';
import type { Column, Table } from './table.ts';

const MISSING_LENGTH = 0xffffffff;
/** The one NaN that stands for a missing number, upper half. */
const MISSING_NUMBER = 0x7ff80000;
const ROWS_A_PIECE = 1 << 13;

/**
 * SHA-256 of the table's canonical encoding: "NDT2", u32 columns, u32 rows, then for each column u32 length and UTF-8
 * of its name, u8 kind (0 numeric, 1 categorical) and its cells from the first row: a number as f64 (missing:
 * 0x7ff8000000000000), a text as u32 length and UTF-8 (missing: the length 2^32 - 1 alone). Little-endian. The file's
 * format, quoting, line ends and other columns do not change it.
 */
export function tableDigest(table: Table): Digest {
  const hash = createSha256();
  hash.update(new TextEncoder().encode('NDT2'));
  hash.update(integer(table.columns.length));
  hash.update(integer(table.rows));
  for (const column of table.columns) {
    hash.update(text(column.name));
    hash.update(Uint8Array.of(column.kind === 'numeric' ? 0 : 1));
    if (column.kind === 'numeric') addNumbers(hash, column.values);
    else addTexts(hash, column);
  }
  return toHex(hash.digest());
}

function integer(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function text(value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  const bytes = new Uint8Array(4 + encoded.length);
  new DataView(bytes.buffer).setUint32(0, encoded.length, true);
  bytes.set(encoded, 4);
  return bytes;
}

function addNumbers(hash: Hash, values: Float64Array): void {
  const bytes = new Uint8Array(ROWS_A_PIECE * 8);
  const view = new DataView(bytes.buffer);
  for (let first = 0; first < values.length; first += ROWS_A_PIECE) {
    const piece = values.subarray(first, first + ROWS_A_PIECE);
    for (let index = 0; index < piece.length; index += 1) {
      const value = piece[index] ?? 0;
      if (value === value) view.setFloat64(index * 8, value, true);
      else {
        view.setUint32(index * 8, 0, true);
        view.setUint32(index * 8 + 4, MISSING_NUMBER, true);
      }
    }
    hash.update(bytes.subarray(0, piece.length * 8));
  }
}

function addTexts(hash: Hash, { codes, texts }: Extract<Column, { kind: 'categorical' }>): void {
  const encoded = texts.map(text);
  const missing = integer(MISSING_LENGTH);
  const longest = encoded.reduce((most, bytes) => Math.max(most, bytes.length), 4);
  const buffer = new Uint8Array(Math.max(1 << 16, longest));
  let used = 0;
  for (const code of codes) {
    const bytes = encoded[code] ?? missing;
    if (used + bytes.length > buffer.length) {
      hash.update(buffer.subarray(0, used));
      used = 0;
    }
    buffer.set(bytes, used);
    used += bytes.length;
  }
  hash.update(buffer.subarray(0, used));
}
