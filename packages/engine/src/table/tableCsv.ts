import { badNumber } from './cell.ts';
import { plainCsv, utf8Of } from './plainCsv.ts';
import { isMissingValue, valueNumber, valueText } from './putValue.ts';
import { formatOf } from './readTable.ts';
import { walkArrow } from './walkArrow.ts';
import { type ColumnVisit, walkParquet } from './walkParquet.ts';
import { walkJson, walkNdjson } from './walkRecords.ts';

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
    case 'parquet': return ofColumns((begin) => walkParquet(bytes, begin));
    case 'arrow':
    case 'arrow-stream': return ofColumns((begin) => walkArrow(bytes, begin));
  }
}

type Column = { name: string; cells: string[]; isText: boolean };

function ofRecords(walk: (begin: () => (row: number, record: Readonly<Record<string, unknown>>) => void) => { rows: number }): TableCsv {
  const columns = new Map<string, Column>();
  const { rows } = walk(() => (row, record) => {
    for (const [name, value] of Object.entries(record)) {
      let column = columns.get(name);
      if (!column) {
        column = { name, cells: [], isText: false };
        columns.set(name, column);
      }
      take(column, row, value);
    }
  });
  return written([...columns.values()], rows);
}

async function ofColumns(walk: (begin: (names: string[]) => ColumnVisit[]) => Promise<{ rows: number }>): Promise<TableCsv> {
  let columns: Column[] = [];
  const { rows } = await walk((names) => {
    columns = names.map((name) => ({ name, cells: [], isText: false }));
    return columns.map((column) => ({ name: column.name, take: (row, value) => take(column, row, value) }));
  });
  return written(columns, rows);
}

function take(column: Column, row: number, value: unknown): void {
  if (isMissingValue(value)) return;
  const text = valueText(value) ?? valueNumber(value)?.toString();
  if (text === undefined) throw badNumber(column.name, row);
  column.isText ||= typeof value === 'string';
  column.cells[row] = text;
}

/** Rows that are turned into bytes at once. */
const PIECE = 10_000;

function written(columns: readonly Column[], rows: number): TableCsv {
  const encoder = new TextEncoder();
  const lineOf = (cells: readonly string[]): string => `${cells.map((cell) => fieldOf(cell, columns.length)).join(',')}\n`;
  const pieces = [encoder.encode(lineOf(columns.map(({ name }) => name)))];
  for (let from = 0; from < rows; from += PIECE) {
    const lines = Array.from({ length: Math.min(PIECE, rows - from) }, (_, at) => lineOf(columns.map(({ cells }) => cells[from + at] ?? '')));
    pieces.push(encoder.encode(lines.join('')));
  }
  const csv = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    csv.set(piece, at);
    at += piece.length;
  }
  return { csv, texts: columns.filter(({ isText }) => isText).map(({ name }) => name) };
}

/** RFC 4180. A line of one empty field would be no line. */
function fieldOf(text: string, columns: number): string {
  return /[",\r\n]/.test(text) || (columns === 1 && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
}
