import { badNumber } from './cell.ts';
import { joined } from './csvPieces.ts';
import { plainCsv, utf8Of } from './plainCsv.ts';
import { isMissingValue, valueNumber, valueText } from './putValue.ts';
import { formatOf } from './readTable.ts';
import type { WalkColumns } from './rowDigests.ts';
import { walkArrow } from './walkArrow.ts';
import { walkParquet } from './walkParquet.ts';
import { type TableRecord, walkJson, walkNdjson } from './walkRecords.ts';

/** A table as plain CSV. `texts`: columns that their format says are texts, whatever they look like; of CSV none, since it says nothing. */
export type TableCsv = { csv: Uint8Array; texts: string[] };

/**
 * A table of any format as CSV: UTF-8, commas, double quotes, LF; of CSV that is so already the same bytes. Cells that count as missing are empty. The columns of objects are
 * all fields that appear, in the order in which they do.
 *
 * @example const { csv } = await tableCsv(parquet);
 * @throws EngineError as the format's reader; BAD_NUMBER for a cell that is neither a number nor a text
 */
export async function tableCsv(bytes: Uint8Array): Promise<TableCsv> {
  const format = formatOf(bytes);
  switch (format) {
    case 'csv': return { csv: plainCsv(bytes), texts: [] };
    case 'json': return ofRecords((begin) => walkJson(utf8Of(bytes), begin));
    case 'ndjson': return ofRecords((begin) => walkNdjson(utf8Of(bytes), begin));
    case 'parquet': return ofColumns((begin, endBatch) => walkParquet(bytes, begin, endBatch));
    case 'arrow':
    case 'arrow-stream': return ofColumns((begin, endBatch) => walkArrow(bytes, begin, endBatch));
  }
}

type Column = { name: string; cells: string[]; isText: boolean };

/** Twice, since all names stand in the first line: what is held is the text, and no row of it. */
function ofRecords(walk: (begin: () => (row: number, record: TableRecord) => void) => { rows: number }): TableCsv {
  const columns = new Map<string, Column>();
  walk(() => (row, record) => {
    for (const [name, value] of Object.entries(record)) {
      const column = columns.get(name) ?? { name, cells: [], isText: false };
      columns.set(name, column);
      textOf(column, row, value);
    }
  });
  const all = [...columns.values()];
  const output = createOutput(all);
  const { rows } = walk(() => (row, record) => {
    for (const column of all) column.cells.push(textOf(column, row, Object.hasOwn(record, column.name) ? record[column.name] : null));
    if ((row + 1) % PIECE === 0) output.flush(PIECE);
  });
  output.flush(rows % PIECE);
  return output.finish();
}

async function ofColumns(walk: WalkColumns): Promise<TableCsv> {
  let columns: Column[] = [];
  let output = createOutput(columns);
  let done = 0;
  await walk((names) => {
    columns = names.map((name) => ({ name, cells: [], isText: false }));
    output = createOutput(columns);
    return columns.map((column) => ({ name: column.name, take: (row, value) => void column.cells.push(textOf(column, row, value)) }));
  }, (end) => {
    output.flush(end - done);
    done = end;
  });
  return output.finish();
}

/** A cell as text; empty where it is missing. */
function textOf(column: Column, row: number, value: unknown): string {
  if (isMissingValue(value)) return '';
  const text = valueText(value) ?? valueNumber(value)?.toString();
  if (text === undefined) throw badNumber(column.name, row);
  column.isText ||= typeof value === 'string';
  return text;
}

/** Rows that are turned into bytes at once. */
const PIECE = 10_000;

/** Lines of CSV, the names first. `flush` writes the next rows, whose cells are in the columns, and takes them out. */
function createOutput(columns: readonly Column[]): { flush(rows: number): void; finish(): TableCsv } {
  const encoder = new TextEncoder();
  const lineOf = (cells: readonly string[]): string => `${cells.map((cell) => fieldOf(cell, columns.length)).join(',')}\n`;
  const pieces = [encoder.encode(lineOf(columns.map(({ name }) => name)))];
  return {
    flush: (rows) => {
      for (let from = 0; from < rows; from += PIECE) {
        const lines = Array.from({ length: Math.min(PIECE, rows - from) }, (_, at) => lineOf(columns.map(({ cells }) => cells[from + at] ?? '')));
        pieces.push(encoder.encode(lines.join('')));
      }
      for (const { cells } of columns) cells.length = 0;
    },
    finish: () => ({ csv: joined(pieces, pieces.reduce((sum, { length }) => sum + length, 0)), texts: columns.filter(({ isText }) => isText).map(({ name }) => name) }),
  };
}

/** RFC 4180. A line of one empty field would be no line. */
function fieldOf(text: string, columns: number): string {
  return /[",\r\n]/.test(text) || (columns === 1 && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
}
