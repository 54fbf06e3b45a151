import { readNumber } from './cell.ts';
import { fieldText, walkCsv } from './csv.ts';
import { plainCsv } from './plainCsv.ts';

const [QUOTE, COMMA, LINE_FEED, APOSTROPHE] = [34, 44, 10, 39];
/** = + - @ tab CR. Source: OWASP, "CSV injection". */
const STARTS = new Set([61, 43, 45, 64, 9, 13]);

/**
 * A CSV file whose cells no spreadsheet runs: an apostrophe stands before each that begins with = + - @, a tab or a carriage return and is no number, names of
 * columns among them. UTF-8, commas, LF. `changed`: how many such cells there were, and `bytes` the file itself where there were none.
 *
 * @throws EngineError as `profileCsv`
 */
export function neutralCsv(file: Uint8Array): { bytes: Uint8Array; changed: number } {
  const csv = plainCsv(file);
  let changed = 0;
  const pieces: Uint8Array[] = [];
  let held: number[] = [];
  const flush = (): void => {
    pieces.push(Uint8Array.from(held));
    held = [];
  };
  const put = (field: Uint8Array, last: boolean): void => {
    const runs = STARTS.has(field[0] ?? 0) && readNumber(new TextDecoder().decode(field)) === undefined;
    if (runs) changed += 1;
    const quoted = field.some((byte) => byte === QUOTE || byte === COMMA || byte === LINE_FEED || byte === 13) || (field.length > 0 && (field[0] === 32 || field[0] === 9));
    if (quoted) held.push(QUOTE);
    if (runs) held.push(APOSTROPHE);
    for (const byte of field) {
      if (byte === QUOTE) held.push(QUOTE);
      held.push(byte);
    }
    if (quoted) held.push(QUOTE);
    held.push(last ? LINE_FEED : COMMA);
    if (held.length > 1 << 16) flush();
  };
  const encoder = new TextEncoder();
  walkCsv(csv, (names) => {
    for (const [index, name] of names.entries()) put(encoder.encode(name), index === names.length - 1);
    return (_, column, field) => put(field.doubled ? encoder.encode(fieldText(csv, field)) : csv.subarray(field.start, field.end), column === names.length - 1);
  });
  flush();
  return changed === 0 ? { bytes: file, changed } : { bytes: joined(pieces), changed };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
