import { EngineError } from '../../errors.ts';
import { csvNames } from '../csv.ts';
import { sniffCsvDialect } from '../csvDialect.ts';
import { type CsvPart, csvParts, free } from '../csvPieces.ts';
import { plainCsv } from '../plainCsv.ts';
import { type DescribedTable, profileTable } from '../profileTable.ts';
import { type TableFormat, formatOf } from '../readTable.ts';
import { type Lane, type LaneSetup, type LaneState, type TakeRow, createLane } from './lane.ts';
import { mergeLanes } from './mergeLanes.ts';
import { evenBlocks } from './parts.ts';

/** Tables of more bytes are described while they pass by. Whoever publishes and whoever checks does the same. */
export const STREAMED_FROM_BYTES = 2 ** 25;
/** Parts of a table go to the lanes in turns. Each table has this many, so that figures do not depend on who describes it. */
export const LANES = 2;
const PART_BYTES = 1 << 22;

export type StreamedTable = DescribedTable & { /** Of CSV: cells that a spreadsheet may run, see `countRunCells`. */ runCells: number };

/** Lanes that describe parts, here or in threads. `take` resolves once another part may come; lanes are counted from 0. */
export type Lanes = { take(lane: number, part: CsvPart): Promise<void>; states(): Promise<LaneState[]>; /** Whether or not it went well. */ stop?(): Promise<void> };
export type StartLanes = (setup: LaneSetup) => Promise<Lanes>;

export type StreamOptions = {
  /** By default lanes are in this thread. */
  startLanes?: StartLanes;
  /** Of lanes in this thread: is told the digest of each row, see `walkRowDigests`. */
  takeRow?: TakeRow;
  /** Is told the bytes taken in so far. */
  onProgress?: (bytes: number) => void;
};

/**
 * Describes a table while it passes by: CSV of any dialect, and NDJSON, in memory that does not grow with it. What is exact: rows, missing cells, kinds, least and greatest, mean, deviation, and up to 16,384 different
 * values of a column (fewer where it has more than 16 columns). Estimates, the same for the same bytes: more different values, to three digits; quartiles, to a 32,768th of the spread; commonest texts, of
 * every how manieth row; personal data, of an eighth of the different values that are kept. JSON lists, Parquet and Arrow are held, and described as `profileTable` does.
 *
 * @throws EngineError as `profileTable`
 */
export async function profileStream(source: AsyncIterable<Uint8Array>, options: StreamOptions = {}): Promise<StreamedTable> {
  const { startLanes = (setup) => Promise.resolve(lanesHere(setup, options.takeRow)), onProgress } = options;
  const blocks = evenBlocks(counted(source, onProgress), PART_BYTES);
  const first = await blocks.next();
  if (first.done === true) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs at least one row.');
  const head = first.value;
  const format = formatOf(head);
  const all = followedBy(head, blocks);
  if (format !== 'csv' && format !== 'ndjson') return held(all, format);
  const { parts, setup } = await cutParts(all, head, format);
  const lanes = await startLanes(setup);
  try {
    let index = 0;
    for await (const part of parts) {
      await lanes.take(index % LANES, part);
      index += 1;
    }
    return { ...mergeLanes(await lanes.states()), format };
  } finally {
    await lanes.stop?.();
  }
}

async function* counted(source: AsyncIterable<Uint8Array>, onProgress?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    yield piece;
    bytes += piece.length;
    onProgress?.(bytes);
  }
}

async function* followedBy(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function held(source: AsyncIterable<Uint8Array>, format: TableFormat): Promise<StreamedTable> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks.splice(0)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { ...(await profileTable(bytes)), format, runCells: 0 };
}

/** Parts in UTF-8, with commas and double quotes. */
async function cutParts(source: AsyncIterable<Uint8Array>, head: Uint8Array, format: 'csv' | 'ndjson'): Promise<{ parts: AsyncIterable<CsvPart>; setup: LaneSetup }> {
  const dialect = sniffCsvDialect(head);
  const text = dialect.encoding === 'utf-8' ? source : toUtf8(source, dialect.encoding);
  if (format === 'ndjson') return { parts: csvParts(text, { size: PART_BYTES, quote: '', given: true }), setup: { format } };
  const plain = { ...dialect, encoding: 'utf-8' as const };
  const parts = csvParts(text, { size: PART_BYTES, delimiter: dialect.delimiter, quote: dialect.quote, given: true });
  const first = await parts.next();
  if (first.done === true) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs a header and at least one row.');
  const opening = { ...first.value, bytes: plainCsv(first.value.bytes, plain) as Uint8Array<ArrayBuffer> };
  async function* rewritten(): AsyncGenerator<CsvPart> {
    yield opening;
    for await (const part of parts) yield { ...part, bytes: plainCsv(part.bytes, plain) as Uint8Array<ArrayBuffer> };
  }
  return { parts: rewritten(), setup: { format, names: csvNames(opening.bytes) } };
}

async function* toUtf8(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  try {
    for await (const piece of source) yield encoder.encode(decoder.decode(piece, { stream: true }));
    yield encoder.encode(decoder.decode());
  } catch (cause) {
    throw cause instanceof EngineError ? cause : new EngineError('NOT_UTF8', 'The file begins as UTF-16 and is not valid UTF-16: save it as UTF-8 and try again.', { cause });
  }
}

function lanesHere(setup: LaneSetup, takeRow?: TakeRow): Lanes {
  const lanes: Lane[] = Array.from({ length: LANES }, () => createLane(setup));
  return {
    take: async (lane, part) => {
      lanes[lane]?.take(part, takeRow);
      free(part.bytes);
    },
    states: async () => lanes.map((lane) => lane.state()),
  };
}
