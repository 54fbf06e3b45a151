import { EngineError } from '../errors.ts';
import { createRowCutter } from './rowCutter.ts';

const LINE_FEED = 10;

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
  const cutter = createRowCutter(delimiter.charCodeAt(0), quote === '' ? -1 : quote.charCodeAt(0));
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
    const all = (given ? joinedBefore(held) : undefined) ?? joined(held, length);
    if (given) for (const piece of held) if (piece.buffer !== all.buffer) free(piece);
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

/** A chunk with what was left before it, where its memory has room in front of it. */
function joinedBefore(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> | undefined {
  const [left, chunk, ...others] = chunks;
  if (left === undefined || chunk === undefined || others.length > 0 || !(chunk.buffer instanceof ArrayBuffer) || chunk.byteOffset < left.length) return undefined;
  const all = new Uint8Array(chunk.buffer, chunk.byteOffset - left.length, left.length + chunk.length);
  all.set(left);
  return all;
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
