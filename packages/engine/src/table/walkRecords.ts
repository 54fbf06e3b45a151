import { EngineError } from '../errors.ts';

const LINE_FEED = 10;

/** What is parsed at once: values take up to twenty times the memory of their text. */
const MOST_TEXT_BYTES = 2 ** 26;

/** A row of a table of objects. */
export type TableRecord = Readonly<Record<string, unknown>>;

/**
 * Walks over newline-delimited JSON, an object a line. `begin` is told how many rows there are.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_JSON, TOO_LARGE, and whatever `begin` and what it gives throw
 */
export function walkNdjson(bytes: Uint8Array, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
  let start = 0;
  return walkRecords(countLines(bytes), (row) => {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    if (end - start > MOST_TEXT_BYTES) throw new EngineError('TOO_LARGE', `Line ${row + 1} has ${end - start} bytes; at most ${MOST_TEXT_BYTES} are read at once: write an object a line.`);
    const line = bytes.subarray(start, end);
    start = end + 1;
    return parse(decode(line), `Line ${row + 1}`);
  }, begin);
}

/** A line feed at the end begins no other line. */
function countLines(bytes: Uint8Array): number {
  let count = bytes.length > 0 && bytes.at(-1) !== LINE_FEED ? 1 : 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** Walks over a JSON array of objects, as {@link walkNdjson} does. */
export function walkJson(bytes: Uint8Array, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
  if (bytes.length > MOST_TEXT_BYTES) throw new EngineError('TOO_LARGE', `The file has ${bytes.length} bytes; a JSON list is read up to ${MOST_TEXT_BYTES}, since it is read at once: write it as NDJSON, an object a line.`);
  const records = parse(decode(bytes), 'The file');
  if (!Array.isArray(records)) throw new EngineError('BAD_JSON', 'The file is not a JSON array: write a list of objects, one for each row.');
  return walkRecords(records.length, (row) => records[row] as unknown, begin);
}

function walkRecords(rows: number, recordAt: (row: number) => unknown, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
  if (rows === 0) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs at least one row.');
  const take = begin(rows);
  for (let row = 0; row < rows; row += 1) {
    const record = recordAt(row);
    if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new EngineError('BAD_JSON', `Row ${row + 1} is not an object: write each row as an object of its fields.`);
    take(row, record as TableRecord);
  }
  return { rows };
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
