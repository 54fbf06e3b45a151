import { EngineError } from '../errors.ts';

const LINE_FEED = 10;

/** What is parsed at once: values take up to twenty times the memory of their text. */
export const MOST_TEXT_BYTES = 2 ** 26;

/** A row of a table of objects. */
export type TableRecord = Readonly<Record<string, unknown>>;

/**
 * Walks over newline-delimited JSON, an object a line. `begin` is told how many rows there are. Of a later piece of a file `before` says how many rows stood before it.
 *
 * @throws EngineError EMPTY_FILE, NOT_UTF8, BAD_JSON, TOO_LARGE, and whatever `begin` and what it gives throw
 */
export function walkNdjson(bytes: Uint8Array, begin: (rows: number) => (row: number, record: TableRecord) => void, before = 0): { rows: number } {
  let start = 0;
  return walkRecords(countLines(bytes), (at) => {
    const row = before + at;
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    if (end - start > MOST_TEXT_BYTES) throw new EngineError('TOO_LARGE', `Line ${row + 1} has ${end - start} bytes; at most ${MOST_TEXT_BYTES} are read at once: write an object a line.`);
    const line = bytes.subarray(start, end);
    start = end + 1;
    return parse(decode(line), `Line ${row + 1}`);
  }, begin, before);
}

/** A line feed at the end begins no other line. */
function countLines(bytes: Uint8Array): number {
  let count = bytes.length > 0 && bytes.at(-1) !== LINE_FEED ? 1 : 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** The lines of newline-delimited JSON, with what ends them. */
export function* lineRecords(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** The elements of a JSON array, without the blanks around them. @throws EngineError BAD_JSON */
export function* jsonElements(bytes: Uint8Array): Generator<Uint8Array> {
  const start = bytes.indexOf(OPEN_LIST) + 1;
  yield* elementsOf(bytes, { start, count: countElements(bytes, start) });
}

/** So many elements, each with a comma or a bracket behind it, without the blanks around them. */
export function* elementsOf(bytes: Uint8Array, { start = 0, count }: { start?: number; count: number }): Generator<Uint8Array> {
  for (let left = count; left > 0; left -= 1) {
    const end = endOfElement(bytes, start);
    let [from, to] = [start, end];
    while (from < to && isBlank(bytes, from, from + 1)) from += 1;
    while (to > from && isBlank(bytes, to - 1, to)) to -= 1;
    yield bytes.subarray(from, to);
    start = end + 1;
  }
}

/** Walks over a JSON array of objects, as {@link walkNdjson} does: an element at a time, so that a long list takes no more memory than its text. */
export function walkJson(bytes: Uint8Array, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
  const start = bytes.indexOf(OPEN_LIST) + 1;
  return walkElements(bytes, { start, count: countElements(bytes, start) }, begin);
}

/** {@link walkJson} of some elements of an array, each with a comma or a bracket behind it. `before`: elements in front of them. */
export function walkElements(bytes: Uint8Array, { start = 0, count, before = 0 }: { start?: number; count: number; before?: number }, begin: (rows: number) => (row: number, record: TableRecord) => void): { rows: number } {
  let from = start;
  return walkRecords(count, (row) => {
    const end = endOfElement(bytes, from);
    if (end - from > MOST_TEXT_BYTES) throw longElement(before + row, end - from);
    const element = bytes.subarray(from, end);
    from = end + 1;
    return parse(decode(element, insideList), `Row ${before + row + 1}`);
  }, begin, before);
}

export function longElement(row: number, bytes: number): EngineError {
  return new EngineError('TOO_LARGE', `Row ${row + 1} has ${bytes} bytes; at most ${MOST_TEXT_BYTES} are read at once: write a list of objects, one for each row.`);
}

export const OPEN_LIST = 91;
export const CLOSE_LIST = 93;
export const COMMA = 44;
export const QUOTE = 34;
export const BACKSLASH = 92;

/** Elements of a list that begins at `first`. @throws EngineError BAD_JSON where it does not end, or something stands behind it */
function countElements(bytes: Uint8Array, first: number): number {
  let count = 0;
  for (let start = first; ; ) {
    const end = endOfElement(bytes, start);
    if (end < 0) throw badList();
    count += 1;
    if (bytes[end] === CLOSE_LIST) {
      if (!isBlank(bytes, end + 1, bytes.length)) throw badList();
      return count === 1 && isBlank(bytes, first, end) ? 0 : count;
    }
    start = end + 1;
  }
}

/** Where the comma or bracket stands that ends an element; -1 where none does. What the element is worth is for the parser to say. */
function endOfElement(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) at = endOfString(bytes, at + 1);
    else if (depth === 0 && (byte === COMMA || byte === CLOSE_LIST)) return at;
    // Brackets are 91 and 93, braces the same and 32.
    else if ((byte | 32) === 123) depth += 1;
    else if ((byte | 32) === 125) depth -= 1;
  }
  return -1;
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (![32, 9, 10, 13].includes(bytes[at] as number)) return false;
  return true;
}

export function badList(): EngineError {
  return new EngineError('BAD_JSON', 'The file is not valid JSON: it is no list that ends, of objects, one for each row.');
}

function walkRecords(rows: number, recordAt: (row: number) => unknown, begin: (rows: number) => (row: number, record: TableRecord) => void, before = 0): { rows: number } {
  if (rows === 0) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs at least one row.');
  const take = begin(rows);
  for (let row = 0; row < rows; row += 1) {
    const record = recordAt(row);
    if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new EngineError('BAD_JSON', `Row ${before + row + 1} is not an object: write each row as an object of its fields.`);
    take(row, record as TableRecord);
  }
  return { rows };
}

const decoder = new TextDecoder('utf-8', { fatal: true });
/** A byte order mark is no JSON where it does not begin the text. */
const insideList = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, by: TextDecoder = decoder): string {
  try {
    return by.decode(bytes);
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
