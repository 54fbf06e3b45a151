import { EngineError } from './errors.ts';

/** A parsed table: the cells of one column lie together; every column has `rows` cells. */
export type Table = { rows: number; names: string[]; columns: string[][] };

const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Parses a comma-separated table with a header (RFC 4180), strictly: UTF-8 (a BOM is dropped),
 * CRLF or LF, quotes only around whole fields, as many fields in every row as in the header.
 * Rows in messages count from the header, which is row 1.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_CSV, RAGGED_ROW, EMPTY_COLUMN_NAME, DUPLICATE_COLUMN
 */
export function parseCsv(bytes: Uint8Array): Table {
  const text = decode(bytes);
  if (text.length === 0) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs a header and at least one row.');
  const cursor = { text, at: 0, row: 1 };
  const names: string[] = [];
  readRow(cursor, (name) => names.push(name));
  checkNames(names);
  const columns: string[][] = names.map(() => []);
  while (cursor.at < text.length) {
    cursor.row += 1;
    let width = 0;
    readRow(cursor, (field) => {
      columns[width]?.push(field);
      width += 1;
    });
    if (width !== names.length) throw ragged(cursor.row, width, names.length);
  }
  if (cursor.row === 1) throw new EngineError('EMPTY_FILE', 'The table has a header but no rows: add at least one row.');
  return { rows: cursor.row - 1, names, columns };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError('NOT_UTF8', 'The file is not valid UTF-8: save it as UTF-8 and try again.', { cause });
  }
}

function ragged(row: number, width: number, expected: number): EngineError {
  return new EngineError(
    'RAGGED_ROW',
    `Row ${row} has ${width} fields, the header has ${expected} (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones.`,
  );
}

function checkNames(names: string[]): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === '') throw new EngineError('EMPTY_COLUMN_NAME', `Column ${index + 1} has no name: name every column in the header.`);
    if (seen.has(name)) throw new EngineError('DUPLICATE_COLUMN', `Column name ${JSON.stringify(name)} stands twice in the header: rename one of them.`);
    seen.add(name);
  }
}

type Cursor = { text: string; at: number; row: number };

/** Reads the fields of one row, and moves behind its line end. */
function readRow(cursor: Cursor, take: (field: string) => void): void {
  const { text } = cursor;
  for (;;) {
    take(text.charCodeAt(cursor.at) === QUOTE ? readQuoted(cursor) : readPlain(cursor));
    const end = text.charCodeAt(cursor.at);
    if (end === COMMA) {
      cursor.at += 1;
      continue;
    }
    if (end === CARRIAGE_RETURN) cursor.at += 1;
    cursor.at += 1;
    return;
  }
}

function readPlain(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at;
  for (; cursor.at < text.length; cursor.at += 1) {
    const code = text.charCodeAt(cursor.at);
    if (code === COMMA || code === LINE_FEED) break;
    if (code === QUOTE) throw badCsv(cursor, 'holds a quote inside an unquoted field: put the whole field in quotes and double the inner ones');
    if (code === CARRIAGE_RETURN) {
      checkLineEnd(cursor);
      break;
    }
  }
  return text.slice(start, cursor.at);
}

function readQuoted(cursor: Cursor): string {
  const { text } = cursor;
  let field = '';
  for (let start = cursor.at + 1; ; start = cursor.at) {
    const quote = text.indexOf('"', start);
    if (quote < 0) throw badCsv(cursor, 'opens a quote that is never closed: close it');
    field += text.slice(start, quote);
    cursor.at = quote + 1;
    if (text.charCodeAt(cursor.at) !== QUOTE) break;
    field += '"';
    cursor.at += 1;
  }
  const end = text.charCodeAt(cursor.at);
  if (end === CARRIAGE_RETURN) checkLineEnd(cursor);
  else if (cursor.at < text.length && end !== COMMA && end !== LINE_FEED) {
    throw badCsv(cursor, 'goes on after a closing quote: end the field there, or double the quote');
  }
  return field;
}

function checkLineEnd(cursor: Cursor): void {
  if (cursor.text.charCodeAt(cursor.at + 1) !== LINE_FEED) throw badCsv(cursor, 'holds a carriage return without a line feed: end lines with CRLF or LF');
}

function badCsv(cursor: Cursor, problem: string): EngineError {
  return new EngineError('BAD_CSV', `Row ${cursor.row} ${problem} (the header is row 1).`);
}
