import { EngineError } from '../errors.ts';

const LINE_FEED = 10;

/** A row of a table of objects. */
export type TableRecord = Readonly<Record<string, unknown>>;

/**
 * Walks over newline-delimited JSON, an object a line. `begin` is told how many rows there are.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_JSON, and whatever `begin` and what it gives throw
 */
export function walkNdjson(bytes: Uint8Array, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
  const lines: [start: number, end: number][] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    lines.push([start, end]);
    start = end + 1;
  }
  return walkRecords(lines.length, (row) => {
    const [start, end] = lines[row] ?? [0, 0];
    return parse(decode(bytes.subarray(start, end)), `Line ${row + 1}`);
  }, begin);
}

/** Walks over a JSON array of objects, as {@link walkNdjson} does. */
export function walkJson(bytes: Uint8Array, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
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
