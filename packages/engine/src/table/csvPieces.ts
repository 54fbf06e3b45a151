import { EngineError } from '../errors.ts';

const LINE_FEED = 10;
/** The byte order mark's last byte. */
const LAST_OF_MARK = 0xbf;

/** Bytes of a row at most, so that a quote that is never closed does not take the whole file to memory. */
const LONGEST_ROW = 1 << 26;

/** Rows in whole pieces. `before`: rows in front of them, the header among them; `rows`: their own. */
export type CsvPart = { bytes: Uint8Array<ArrayBuffer>; before: number; rows: number };
export type CsvCut = { /** Bytes of a piece, about; 4 MiB by default. */ size?: number; /** Between fields, a comma by default. */ delimiter?: string; /** Around fields, a double quote by default; empty: a line feed always ends a row. */ quote?: string; /** Whether the source gives its chunks away: their memory is freed as soon as they are cut. */ given?: boolean };

/**
 * Cuts a CSV file into pieces of about `size` bytes at the ends of rows; the first piece has the header and a row at
 * least. A line feed inside of quotes ends no row. `delimiter`: what stands between fields, a comma by default.
 *
 * @throws EngineError BAD_CSV when a row is longer than 64 MiB
 */
export async function* csvPieces(source: AsyncIterable<Uint8Array>, size = 1 << 22, delimiter = ','): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const { bytes } of csvParts(source, { size, delimiter })) yield bytes;
}

/** {@link csvPieces}, and how many rows there are in each. */
export async function* csvParts(source: AsyncIterable<Uint8Array>, { size = 1 << 22, delimiter = ',', quote = '"', given = false }: CsvCut = {}): AsyncGenerator<CsvPart> {
  const cutter = createCutter(delimiter.charCodeAt(0), quote === '' ? -1 : quote.charCodeAt(0));
  let held: Uint8Array[] = [];
  let [length, before] = [0, 0];
  for await (const chunk of source) {
    held.push(chunk);
    length += chunk.length;
    const end = cutter.push(chunk);
    if (length < size || end === 0) {
      if (length - end > LONGEST_ROW) throw tooLong(cutter.rows, quote);
      continue;
    }
    const all = joined(held, length);
    if (given) for (const chunk of held) free(chunk);
    // A copy, made before: whoever is given the piece may send its memory away.
    held = [all.slice(end)];
    yield { bytes: all.subarray(0, end), before, rows: cutter.rowsAtEnd - before };
    before = cutter.rowsAtEnd;
    length -= end;
    cutter.taken(end);
  }
  if (length > 0) {
    const bytes = joined(held, length);
    yield { bytes, before, rows: cutter.rows - before + (bytes.at(-1) === LINE_FEED ? 0 : 1) };
  }
}

/** Collectors take no hurry with memory outside of their heap, and a table would lie there many times. */
export function free({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer?.(0);
}

function tooLong(rows: number, quote: string): EngineError {
  if (quote === '') return new EngineError('TOO_LARGE', `Line ${rows + 1} has more than ${LONGEST_ROW} bytes: write an object a line.`);
  return new EngineError('BAD_CSV', `After row ${rows} follow more than ${LONGEST_ROW} bytes without the end of a row: close the quote that is open there.`);
}

type Cutter = {
  /** Looks at the next bytes. Returns where the last whole row ends, counted from the first byte that is not taken; 0: nowhere yet. */
  push(chunk: Uint8Array): number;
  taken(bytes: number): void;
  /** Ends of rows that were seen, and those up to the last whole row. */
  readonly rows: number;
  readonly rowsAtEnd: number;
};

function createCutter(delimiter: number, quote: number): Cutter {
  let quoted = false;
  /** Bytes of the file before this chunk, and the last of them. */
  let [total, before] = [0, LINE_FEED];
  let closedAt = -2;
  let seen = 0;
  let end = 0;
  let [rows, rowsAtEnd] = [0, 0];
  let needed = 2;
  const opensField = (previous: number, at: number): boolean => previous === delimiter || previous === LINE_FEED || (at === 3 && previous === LAST_OF_MARK);
  const readLines = (chunk: Uint8Array, from: number, to: number): void => {
    for (let at = chunk.indexOf(LINE_FEED, from); at >= 0 && at < to; at = chunk.indexOf(LINE_FEED, at + 1)) {
      rows += 1;
      if (rows < needed) continue;
      end = seen + at + 1;
      rowsAtEnd = rows;
    }
  };
  return {
    push: (chunk) => {
      let from = 0;
      while (from < chunk.length) {
        const found = chunk.indexOf(quote, from);
        const to = found < 0 ? chunk.length : found;
        if (!quoted) readLines(chunk, from, to);
        if (found >= 0 && quoted) [quoted, closedAt] = [false, total + found];
        // One behind a closing quote doubles it; one inside of an unquoted field is part of it.
        else if (found >= 0) quoted = closedAt === total + found - 1 || opensField(found > 0 ? (chunk[found - 1] as number) : before, total + found);
        from = to + 1;
      }
      seen += chunk.length;
      total += chunk.length;
      before = chunk.at(-1) ?? before;
      return end;
    },
    taken: (bytes) => {
      seen -= bytes;
      end = 0;
      needed = 0;
    },
    get rows() {
      return rows;
    },
    get rowsAtEnd() {
      return rowsAtEnd;
    },
  };
}

/** Chunks as one array, of this length together. */
export function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
