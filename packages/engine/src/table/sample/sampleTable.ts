import { badNumber } from '../cell.ts';
import { isMissingValue, valueNumber, valueText } from '../putValue.ts';
import { plainCsv, utf8Of } from '../plainCsv.ts';
import { type TableFormat, formatOf } from '../readTable.ts';
import type { WalkColumns } from '../rowDigests.ts';
import type { TableFile } from '../tableFile.ts';
import { elementsOf, jsonElements, lineRecords } from '../walkRecords.ts';
import { walkArrow } from '../walkArrow.ts';
import { walkParquet } from '../walkParquet.ts';
import { csvRecords } from './csvRecords.ts';
import { type CutTable, cutTable, joined } from '../stream/cutTable.ts';
import { type SampleChoice, chooseRows, refuseWhole } from './chooseRows.ts';

/** Some rows of a table, as a file of this format. */
export type TableSample = { bytes: Uint8Array; format: TableFormat };

const LINE_FEED = 10;

/**
 * Some rows of a table file, in the file's order: the first ones, or, with a seed, rows drawn by it. The same file, number
 * and seed give the same bytes. Rows of CSV, NDJSON and JSON are taken byte for byte. CSV of another dialect is
 * made plain before. Those of a Parquet or Arrow file become CSV, each cell as the text that it counts as; a cell that counts as missing is empty.
 *
 * @example const { bytes, format } = await sampleTable(file, { rows: 20, seed: 7 });
 * @throws EngineError TOO_FEW_ROWS where that would be all of them: a sample is less than the whole; BAD_NUMBER for a cell of Parquet that has no text; as the format's reader
 */
export async function sampleTable(table: Uint8Array, choice: SampleChoice): Promise<TableSample> {
  const format = formatOf(table);
  switch (format) {
    case 'csv': return { format, bytes: sampleCsv(plainCsv(table), choice) };
    case 'ndjson': return { format, bytes: inLines(takeRecords(lineRecords(utf8Of(table)), choice)) };
    case 'json': return { format, bytes: listOf(takeRecords(jsonElements(utf8Of(table)), choice)) };
    case 'parquet':
    case 'arrow':
    case 'arrow-stream': return sampleColumnsOf(table, format, choice);
  }
}

async function sampleColumnsOf(table: Uint8Array | TableFile, format: 'parquet' | 'arrow' | 'arrow-stream', choice: SampleChoice): Promise<TableSample> {
  const walk = format === 'parquet' ? walkParquet : walkArrow;
  return { format: 'csv', bytes: await sampleColumns((begin, endBatch) => walk(table, begin, endBatch), choice) };
}

/**
 * The same rows of a table that is read in pieces, in memory for a part of it; once for the first rows, twice for drawn ones. `file`: the same bytes, for Parquet and Arrow; without it theirs are
 * held. @throws EngineError as {@link sampleTable}
 *
 * @example const { bytes } = await sampleStream(() => readPieces(file), { rows: 20, seed: 7 });
 */
export async function sampleStream(read: () => AsyncIterable<Uint8Array>, choice: SampleChoice, file?: TableFile): Promise<TableSample> {
  const opened = await cutTable(read());
  if (!('parts' in opened)) {
    if (!file) return sampleTable(await joined(opened.all), choice);
    await opened.all.return(undefined);
    return sampleColumnsOf(file, opened.format, choice);
  }
  const { format } = opened;
  const inFormat = (records: readonly Uint8Array[]): TableSample => ({ format, bytes: format === 'json' ? listOf(records) : inLines(records) });
  const heads = format === 'csv' ? 1 : 0;
  const kept: Uint8Array[] = [];
  let count = 0;
  for await (const record of recordsOf(opened)) {
    if (count < heads + (choice.seed === undefined ? choice.rows : 0)) kept.push(record.slice());
    count += 1;
    if (choice.seed === undefined && count > heads + choice.rows) return inFormat(kept);
  }
  const chosen = new Set(chooseRows(count - heads, choice).map((row) => row + heads));
  const again = await cutTable(read());
  let place = 0;
  if ('parts' in again) for await (const record of recordsOf(again)) {
    if (chosen.has(place)) kept.push(record.slice());
    place += 1;
  }
  return inFormat(kept);
}

async function* recordsOf({ format, parts }: Extract<CutTable, { parts: unknown }>): AsyncGenerator<Uint8Array> {
  for await (const { bytes, rows } of parts) {
    if (format === 'json') yield* elementsOf(bytes, { count: rows });
    else yield* format === 'csv' ? csvRecords(bytes) : lineRecords(bytes);
  }
}

function sampleCsv(csv: Uint8Array, choice: SampleChoice): Uint8Array {
  const records = csvRecords(csv);
  const header = records.next();
  if (header.done) throw refuseWhole(choice);
  return inLines([header.value, ...takeRecords(records, choice)]);
}

/** Reads no further than it must where the first rows are wanted. */
function takeRecords(records: Iterable<Uint8Array>, choice: SampleChoice): Uint8Array[] {
  const kept: Uint8Array[] = [];
  for (const record of records) {
    // Something must follow.
    if (choice.seed === undefined && kept.length === choice.rows) return kept;
    kept.push(record);
  }
  return chooseRows(kept.length, choice).flatMap((row) => kept.slice(row, row + 1));
}

/** Puts a line end where the file's last record has none and is not the last here. */
function inLines(records: readonly Uint8Array[]): Uint8Array {
  return concatenated(records.flatMap((record, index) => (index + 1 < records.length && record.at(-1) !== LINE_FEED ? [record, Uint8Array.of(LINE_FEED)] : [record])));
}

function listOf(elements: readonly Uint8Array[]): Uint8Array {
  const text = (part: string): Uint8Array => new TextEncoder().encode(part);
  return concatenated([text('[\n'), ...elements.flatMap((element, index) => (index === 0 ? [element] : [text(',\n'), element])), text('\n]\n')]);
}

async function sampleColumns(walk: WalkColumns, choice: SampleChoice): Promise<Uint8Array> {
  let header: string[] = [];
  const lines: string[][] = [];
  let last = 0;
  await walk((names, rows) => {
    header = names;
    const places = new Map(chooseRows(rows, choice).map((row, place) => [row, place]));
    last = Math.max(0, ...places.keys());
    for (const place of places.values()) lines[place] = names.map(() => '');
    return names.map((name, column) => ({
      name,
      take: (row, value) => {
        const line = lines[places.get(row) ?? -1];
        if (line !== undefined) line[column] = cellText(value) ?? refuse(name, row);
      },
    }));
    // Behind the last row that is wanted nothing is read.
  }, (end) => end <= last);
  return new TextEncoder().encode([header, ...lines].map((line) => `${line.map((cell) => fieldOf(cell, line.length)).join(',')}\n`).join(''));
}

/** A number that has no exact text stands as ECMAScript writes it: as a number it is the same. */
function cellText(value: unknown): string | undefined {
  return isMissingValue(value) ? '' : (valueText(value) ?? valueNumber(value)?.toString());
}

function refuse(name: string, row: number): never {
  throw badNumber(name, row);
}

/** RFC 4180. A line of one empty field would be no line. */
function fieldOf(text: string, columns: number): string {
  return /[",\r\n]/.test(text) || (columns === 1 && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
