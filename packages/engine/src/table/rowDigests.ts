import { isMissingField, readPlainNumber } from './cell.ts';
import { createCellDigest } from './cellDigest.ts';
import { fieldText, walkCsv } from './csv.ts';
import { plainCsv, utf8Of } from './plainCsv.ts';
import { formatOf } from './readTable.ts';
import { walkArrow } from './walkArrow.ts';
import { type BeginColumns, type EndBatch, walkParquet } from './walkParquet.ts';
import { walkJson, walkNdjson } from './walkRecords.ts';

/** A walk over columns, as `walkParquet`, of some file. */
export type WalkColumns = (begin: BeginColumns, endBatch: EndBatch) => Promise<{ rows: number }>;
/** Takes the digest of each row, 64 bits in two halves. */
export type TakeRow = (low: number, high: number) => void;

/**
 * Digests of a table's rows, to find rows that two tables share. Names and order of columns do not matter, nor how a number is written, nor the file's format: a
 * row's digest is the sum of its cells'. These digests are no secret and hide nothing: whoever keeps them hashes them under a key.
 *
 * @throws EngineError as the format's reader
 */
export async function walkRowDigests(bytes: Uint8Array, take: TakeRow): Promise<void> {
  switch (formatOf(bytes)) {
    case 'csv': return walkCsvRows(plainCsv(bytes), take);
    case 'json': return walkObjects((begin) => walkJson(utf8Of(bytes), begin), take);
    case 'ndjson': return walkObjects((begin) => walkNdjson(utf8Of(bytes), begin), take);
    case 'parquet': return walkColumns((begin, endBatch) => walkParquet(bytes, begin, endBatch), take);
    case 'arrow':
    case 'arrow-stream': return walkColumns((begin, endBatch) => walkArrow(bytes, begin, endBatch), take);
  }
}

function walkCsvRows(bytes: Uint8Array, take: TakeRow): void {
  const cell = createCellDigest();
  let [low, high] = [0, 0];
  walkCsv(bytes, (names) => (_, column, field) => {
    if (column === 0) [low, high] = [0, 0];
    if (!isMissingField(bytes, field.start, field.end)) {
      const plain = readPlainNumber(bytes, field.start, field.end);
      if (plain === undefined) cell.text(fieldText(bytes, field));
      else cell.number(plain);
      low = (low + cell.low) >>> 0;
      high = (high + cell.high) >>> 0;
    }
    if (column === names.length - 1) take(low, high);
  });
}

function walkObjects(walk: (begin: () => (row: number, record: Readonly<Record<string, unknown>>) => void) => unknown, take: TakeRow): void {
  const cell = createCellDigest();
  walk(() => (_, record) => {
    let [low, high] = [0, 0];
    for (const value of Object.values(record)) {
      if (!cell.value(value)) continue;
      low = (low + cell.low) >>> 0;
      high = (high + cell.high) >>> 0;
    }
    take(low, high);
  });
}

async function walkColumns(walk: WalkColumns, take: TakeRow): Promise<void> {
  const cell = createCellDigest();
  const sums = createRowSums(take);
  await walk((names) => names.map((name) => ({
    name,
    take: (row, value) => {
      if (cell.value(value)) sums.add(row, cell.low, cell.high);
    },
  })), sums.end);
}

/** Adds the digests of cells that come column by column, and gives each row's sum once its batch is whole. */
export function createRowSums(take: TakeRow): { add(row: number, low: number, high: number): void; end(rows: number): void } {
  let start = 0;
  let [lows, highs] = [new Uint32Array(ROWS_AT_FIRST), new Uint32Array(ROWS_AT_FIRST)];
  return {
    add: (row, low, high) => {
      const at = row - start;
      if (at >= lows.length) [lows, highs] = [longer(lows, at), longer(highs, at)];
      lows[at] = (lows[at] as number) + low;
      highs[at] = (highs[at] as number) + high;
    },
    end: (rows) => {
      for (let at = 0; at < rows - start; at += 1) take(lows[at] ?? 0, highs[at] ?? 0);
      lows.fill(0);
      highs.fill(0);
      start = rows;
    },
  };
}

const ROWS_AT_FIRST = 2 ** 12;

function longer(numbers: Uint32Array<ArrayBuffer>, at: number): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(Math.max(numbers.length * 2, at + 1));
  more.set(numbers);
  return more;
}
