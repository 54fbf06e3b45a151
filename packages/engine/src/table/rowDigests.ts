import { isMissingField, readPlainNumber } from './cell.ts';
import { createCellDigest } from './cellDigest.ts';
import { fieldText, walkCsv } from './csv.ts';
import { plainCsv, utf8Of } from './plainCsv.ts';
import { formatOf } from './readTable.ts';
import { walkArrow } from './walkArrow.ts';
import { type ColumnVisit, walkParquet } from './walkParquet.ts';
import { walkJson, walkNdjson } from './walkRecords.ts';

/** Takes the digest of each row, 64 bits in two halves. */
type TakeRow = (low: number, high: number) => void;

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
    case 'parquet': return walkColumns((begin) => walkParquet(bytes, begin), take);
    case 'arrow':
    case 'arrow-stream': return walkColumns((begin) => walkArrow(bytes, begin), take);
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

async function walkColumns(walk: (begin: (names: string[], rows: number) => ColumnVisit[]) => Promise<unknown>, take: TakeRow): Promise<void> {
  const cell = createCellDigest();
  let [lows, highs] = [new Uint32Array(), new Uint32Array()];
  await walk((names, rows) => {
    [lows, highs] = [new Uint32Array(rows), new Uint32Array(rows)];
    return names.map((name) => ({
      name,
      take: (row, value) => {
        if (!cell.value(value)) return;
        lows[row] = (lows[row] ?? 0) + cell.low;
        highs[row] = (highs[row] ?? 0) + cell.high;
      },
    }));
  });
  for (let row = 0; row < lows.length; row += 1) take(lows[row] ?? 0, highs[row] ?? 0);
}
