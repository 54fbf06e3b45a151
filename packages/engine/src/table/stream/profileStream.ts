import { type CsvPart, free } from '../csvPieces.ts';
import type { DescribedTable } from '../profileTable.ts';
import type { TakeRow } from '../rowDigests.ts';
import { type TableFile, tableFileOf } from '../tableFile.ts';
import { walkArrow } from '../walkArrow.ts';
import { walkParquet } from '../walkParquet.ts';
import { describeColumns } from './columnLane.ts';
import { cutTable, joined } from './cutTable.ts';
import type { LaneState } from './columns.ts';
import type { Lane } from './csvLane.ts';
import { type LaneSetup, createLane } from './lane.ts';
import { mergeLanes } from './mergeLanes.ts';

/** Tables of more bytes are described while they pass by. Whoever publishes and whoever checks does the same. */
export const STREAMED_FROM_BYTES = 2 ** 25;
/** Parts of a table go to the lanes in turns. Each table has this many, so that figures do not depend on who describes it. */
export const LANES = 2;

export type StreamedTable = DescribedTable & { /** Of CSV: cells that a spreadsheet may run, see `countRunCells`. */ runCells: number };

/** Lanes that describe parts, here or in threads. `take` resolves once another part may come; lanes are counted from 0. */
export type Lanes = { take(lane: number, part: CsvPart): Promise<void>; states(): Promise<LaneState[]>; /** Whether or not it went well. */ stop?(): Promise<void> };
export type StartLanes = (setup: LaneSetup) => Promise<Lanes>;

export type StreamOptions = {
  /** By default lanes are in this thread. */
  startLanes?: StartLanes;
  /** The same bytes, for formats that are not read from the beginning to the end: Parquet and Arrow. Then the source is left where that shows. Without it their bytes are held. */
  file?: TableFile;
  /** Of lanes in this thread: is told the digest of each row, see `walkRowDigests`. */
  takeRow?: TakeRow;
  /** Is told the bytes taken in so far. */
  onProgress?: (bytes: number) => void;
};

/**
 * Describes a table while it passes by, in memory that does not grow with it: a part of CSV of any dialect, of NDJSON or of a JSON list is held, a column of a row group of Parquet, a few batches of
 * Arrow. What is exact: rows, missing cells, kinds, least and greatest, mean, deviation, and up to 16,384 different values of a column (fewer where it has more than 16 columns). Estimates, the same
 * for the same bytes: more different values, to three digits; quartiles, to a 32,768th of the spread; commonest texts, of every how manieth row; personal data, of an eighth of the different values that are kept.
 *
 * @throws EngineError as `profileTable`
 */
export async function profileStream(source: AsyncIterable<Uint8Array>, options: StreamOptions = {}): Promise<StreamedTable> {
  const { startLanes = (setup) => Promise.resolve(lanesHere(setup, options.takeRow)), onProgress } = options;
  const opened = await cutTable(counted(source, onProgress));
  const { format } = opened;
  if (!('parts' in opened)) {
    const file = options.file === undefined ? tableFileOf(await joined(opened.all)) : countedFile(options.file, onProgress);
    if (options.file !== undefined) await opened.all.return?.(undefined);
    const walk = opened.format === 'parquet' ? walkParquet : walkArrow;
    return { ...mergeLanes([await describeColumns((begin, endBatch) => walk(file, begin, endBatch), options.takeRow)]), format, runCells: 0 };
  }
  const { parts, setup } = opened;
  const lanes = await startLanes(setup);
  try {
    let index = 0;
    for await (const part of parts) {
      await lanes.take(index % LANES, part);
      index += 1;
    }
    const { runCells, ...table } = mergeLanes(await lanes.states());
    return { ...table, format, runCells: format === 'json' ? 0 : runCells };
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

/** Bytes that are asked for twice, as the frames of Arrow are, count once at most. */
function countedFile({ size, read }: TableFile, onProgress?: (bytes: number) => void): TableFile {
  let bytes = 0;
  return {
    size,
    read: async (offset, length) => {
      bytes = Math.min(size, bytes + length);
      onProgress?.(bytes);
      return read(offset, length);
    },
  };
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
