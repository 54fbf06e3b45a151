import { readNumber } from './cell.ts';
import { fieldText, walkCsv } from './csv.ts';
import { plainCsv } from './plainCsv.ts';

const [QUOTE, COMMA, LINE_FEED, APOSTROPHE] = [34, 44, 10, 39];
/** = + - @ tab CR. Source: OWASP, "CSV injection". */
const STARTS = new Set([61, 43, 45, 64, 9, 13]);

const decoder = new TextDecoder();

/** How many cells of a CSV file a spreadsheet may run: they begin with = + - @, a tab or a carriage return and are no number. Names of columns are among them. @throws EngineError as `profileCsv` */
export function countRunCells(file: Uint8Array): number {
  const csv = plainCsv(file);
  let count = 0;
  walkCsv(csv, (names) => {
    for (const name of names) if (isRun(encoder.encode(name), 0, Infinity)) count += 1;
    return (_, __, { start, end }) => {
      if (isRun(csv, start, end)) count += 1;
    };
  });
  return count;
}

/**
 * A CSV file whose cells no spreadsheet runs: an apostrophe stands before each that {@link countRunCells} counts. UTF-8, commas, LF. `changed`: how many such cells
 * there were, and `bytes` the file itself where there were none.
 *
 * @throws EngineError as `profileCsv`
 */
export function neutralCsv(file: Uint8Array): { bytes: Uint8Array; changed: number } {
  const changed = countRunCells(file);
  if (changed === 0) return { bytes: file, changed };
  const csv = plainCsv(file);
  const pieces: Uint8Array[] = [];
  let held: number[] = [];
  const put = (field: Uint8Array, last: boolean): void => {
    const quoted = field.some((byte) => byte === QUOTE || byte === COMMA || byte === LINE_FEED || byte === 13) || field[0] === 32 || field[0] === 9;
    if (quoted) held.push(QUOTE);
    if (isRun(field, 0, field.length)) held.push(APOSTROPHE);
    for (const byte of field) {
      if (byte === QUOTE) held.push(QUOTE);
      held.push(byte);
    }
    if (quoted) held.push(QUOTE);
    held.push(last ? LINE_FEED : COMMA);
    if (held.length < 1 << 16) return;
    pieces.push(Uint8Array.from(held));
    held = [];
  };
  walkCsv(csv, (names) => {
    for (const [index, name] of names.entries()) put(encoder.encode(name), index === names.length - 1);
    return (_, column, field) => put(field.doubled ? encoder.encode(fieldText(csv, field)) : csv.subarray(field.start, field.end), column === names.length - 1);
  });
  pieces.push(Uint8Array.from(held));
  return { bytes: joined(pieces), changed };
}

const encoder = new TextEncoder();

/** Whether the bytes from `start` up to `end` begin as what a spreadsheet runs, and are no number. */
function isRun(bytes: Uint8Array, start: number, end: number): boolean {
  const last = Math.min(end, bytes.length);
  return start < last && STARTS.has(bytes[start] ?? 0) && readNumber(decoder.decode(bytes.subarray(start, last))) === undefined;
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
