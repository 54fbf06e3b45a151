import { EngineError } from '../errors.ts';

const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const PIECE = 1 << 20;
const MOST_COLUMNS = 1 << 17;

/** A field as it lies in the file: bytes [start, end); `doubled` when quotes inside of it are doubled. */
export type Field = { start: number; end: number; doubled: boolean };

/** What stood before a later piece of a file: the header's names, and the rows read, the header among them. */
export type Before = { names: readonly string[]; rows: number };

/**
 * Walks over a comma-separated table with a header (RFC 4180), strictly: UTF-8 (a BOM is dropped), CRLF or LF,
 * quotes around whole fields (one that stands inside of an unquoted field is part of it), as many fields in every row as in the header. Rows in messages count from the
 * header, which is row 1. `take` sees each field after the header, rows and columns counted from 0. Memory does not
 * grow with the file. A later piece of a file has no header: `before` says what stood before it.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_CSV, RAGGED_ROW, EMPTY_COLUMN_NAME, DUPLICATE_COLUMN, TOO_LARGE
 */
export function walkCsv(bytes: Uint8Array, begin: (names: string[]) => (row: number, column: number, field: Field) => void, before?: Before): { rows: number } {
  checkUtf8(bytes);
  const start = before === undefined ? startOf(bytes) : 0;
  if (bytes.length === start) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs a header and at least one row.');
  const first = before?.rows ?? 1;
  const cursor: Cursor = { bytes, at: start, row: first, field: { start: 0, end: 0, doubled: false } };
  const names = before?.names.slice() ?? readNames(cursor);
  const take = begin(names);
  const width = names.length;
  while (cursor.at < bytes.length) {
    cursor.row += 1;
    let at = 0;
    do {
      readField(cursor);
      if (at < width) take(cursor.row - first - 1, at, cursor.field);
      at += 1;
    } while (passEnd(cursor));
    if (at !== width) throw ragged(cursor.row, at, width);
  }
  if (cursor.row === first) throw new EngineError('EMPTY_FILE', 'The table has a header but no rows: add at least one row.');
  return { rows: cursor.row - first };
}

/** The header's names. @throws EngineError as {@link walkCsv} */
export function csvNames(bytes: Uint8Array): string[] {
  return readNames({ bytes, at: startOf(bytes), row: 1, field: { start: 0, end: 0, doubled: false } });
}

/** Behind the byte order mark, if there is one. */
function startOf(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function readNames(cursor: Cursor): string[] {
  const names: string[] = [];
  do {
    readField(cursor);
    if (names.length === MOST_COLUMNS) throw new EngineError('TOO_LARGE', `The header has more than ${MOST_COLUMNS} columns: leave some out.`);
    names.push(fieldText(cursor.bytes, cursor.field));
  } while (passEnd(cursor));
  checkNames(names);
  return names;
}

/** Rows that a file can have at most: its line feeds. */
export function mostRows(bytes: Uint8Array): number {
  let count = 1;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A field's text, doubled quotes made single. */
export function fieldText(bytes: Uint8Array, { start, end, doubled }: Field): string {
  if (!doubled && end - start <= 24) {
    let text = '';
    let at = start;
    for (; at < end; at += 1) {
      const code = bytes[at] ?? 0;
      if (code >= 128) break;
      text += String.fromCharCode(code);
    }
    if (at === end) return text;
  }
  const text = decoder.decode(bytes.subarray(start, end));
  return doubled ? text.replaceAll('""', '"') : text;
}

/** @throws EngineError NOT_UTF8 */
export function checkUtf8(bytes: Uint8Array): void {
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    let pending = false;
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      // Text in ASCII is UTF-8, and needs no strings that are thrown away at once.
      if (!pending && isAscii(piece)) continue;
      strict.decode(piece, { stream: true });
      pending = true;
    }
    strict.decode();
  } catch (cause) {
    throw new EngineError('NOT_UTF8', 'The file is not valid UTF-8: save it as UTF-8 and try again.', { cause });
  }
}

/** Four bytes at a time, as far as they lie so that they can be read at once. */
function isAscii(bytes: Uint8Array): boolean {
  const first = Math.min(bytes.length, (4 - (bytes.byteOffset % 4)) % 4);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + first, (bytes.length - first) >> 2);
  let seen = 0;
  for (let at = 0; at < words.length; at += 1) seen |= words[at] as number;
  for (let at = 0; at < first; at += 1) seen |= bytes[at] as number;
  for (let at = first + words.length * 4; at < bytes.length; at += 1) seen |= bytes[at] as number;
  return (seen & 0x8080_8080) === 0;
}

function ragged(row: number, width: number, expected: number): EngineError {
  return new EngineError(
    'RAGGED_ROW',
    `Row ${row} has ${width} fields, the header has ${expected} (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones.`,
  );
}

/** Refuses empty and repeated names. */
export function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === '') throw new EngineError('EMPTY_COLUMN_NAME', `Column ${index + 1} has no name: name every column in the header.`);
    if (seen.has(name)) throw new EngineError('DUPLICATE_COLUMN', `Column name ${JSON.stringify(name)} stands twice in the header: rename one of them.`);
    seen.add(name);
  }
}

type Cursor = { bytes: Uint8Array; at: number; row: number; /** Filled anew for each field. */ field: Field };

/** Reads a field, and stops at what ends it. */
function readField(cursor: Cursor): void {
  if (cursor.bytes[cursor.at] === QUOTE) readQuoted(cursor);
  else readPlain(cursor);
}

/** Moves behind what ends a field: whether another one of the row follows. */
function passEnd(cursor: Cursor): boolean {
  const end = cursor.bytes[cursor.at];
  cursor.at += end === CARRIAGE_RETURN ? 2 : 1;
  return end === COMMA;
}

function readPlain(cursor: Cursor): void {
  const { bytes, field } = cursor;
  let { at } = cursor;
  field.start = at;
  field.doubled = false;
  for (; at < bytes.length; at += 1) {
    const code = bytes[at] ?? 0;
    if (code > COMMA) continue;
    if (code === COMMA || code === LINE_FEED) break;
    // Inches and seconds are written with it. Behind blanks it was meant to open the field.
    if (code === QUOTE && isBlank(bytes, field.start, at)) throw badCsv(cursor, 'holds blanks before a quote: begin the field with the quote');
    if (code === CARRIAGE_RETURN) {
      checkLineEnd(cursor, at);
      break;
    }
  }
  field.end = at;
  cursor.at = at;
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== 32 && bytes[at] !== 9) return false;
  return true;
}

function readQuoted(cursor: Cursor): void {
  const { bytes, field } = cursor;
  field.start = cursor.at + 1;
  field.doubled = false;
  let at = nextQuote(bytes, field.start);
  while (at >= 0 && bytes[at + 1] === QUOTE) {
    field.doubled = true;
    at = nextQuote(bytes, at + 2);
  }
  if (at < 0) throw badCsv(cursor, 'opens a quote that is never closed: close it');
  field.end = at;
  cursor.at = at + 1;
  const end = bytes[cursor.at];
  if (end === CARRIAGE_RETURN) checkLineEnd(cursor, cursor.at);
  else if (end !== undefined && end !== COMMA && end !== LINE_FEED) {
    throw badCsv(cursor, 'goes on after a closing quote: end the field there, or double the quote');
  }
}

/** Most texts are short, and looking at some bytes is quicker than asking `indexOf`. */
const NEAR = 64;

/** Where the next quote stands; -1 where none does. */
function nextQuote(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.length, from + NEAR);
  for (let at = from; at < near; at += 1) if (bytes[at] === QUOTE) return at;
  return bytes.indexOf(QUOTE, near);
}

function checkLineEnd(cursor: Cursor, at: number): void {
  if (cursor.bytes[at + 1] !== LINE_FEED) throw badCsv(cursor, 'holds a carriage return without a line feed: end lines with CRLF or LF');
}

function badCsv(cursor: Cursor, problem: string): EngineError {
  return new EngineError('BAD_CSV', `Row ${cursor.row} ${problem} (the header is row 1).`);
}
