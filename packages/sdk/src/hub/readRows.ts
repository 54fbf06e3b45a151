import { HubError } from './HubError.ts';
import type { HubData } from './HubSource.ts';

type Cell = string | number | null;
type Row = Record<string, Cell>;
type File = { path: string; mediaType: string };
export type ReadRowsParameters = File & { data: HubData; /** Columns whose cells are numbers. */ numeric: ReadonlySet<string>; offset: number; length: number };

/** The most bytes that are read to reach a page. */
const MOST_BYTES = 64 * 1024 * 1024;

const isLines = ({ path, mediaType }: File): boolean => /ndjson|jsonl/.test(mediaType) || /\.(?:ndjson|jsonl)$/i.test(path);
const isCells = ({ path, mediaType }: File): boolean => /csv|tab-separated/.test(mediaType) || /\.(?:csv|tsv)$/i.test(path);

/** Whether a file's rows are read as it comes. */
export const isReadAsText = (file: File): boolean => isLines(file) || isCells(file);

/** Some rows of a table, in the file's order; `more`: others follow. CSV, TSV and JSON lines; throws 422 for other files, and for pages that lie too far in. */
export async function readRows(parameters: ReadRowsParameters): Promise<{ columns: string[]; records: Row[]; more: boolean }> {
  const { data, path, mediaType } = parameters;
  const text = textOf(data);
  if (isLines(parameters)) return fromLines(jsonLines(text), parameters);
  if (isCells(parameters)) return fromCells(csvRecords(text, /tab-separated/.test(mediaType) || /\.tsv$/i.test(path) ? '\t' : ','), parameters);
  throw new HubError(`Rows of ${mediaType || 'this kind of'} files are not shown here; download the file.`, { status: 422, code: 'BadRequest' });
}

async function* textOf(data: HubData): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  try {
    for await (const piece of data.read({ offset: 0, length: data.size })) {
      read += piece.length;
      if (read > MOST_BYTES) throw new HubError('These rows lie too far into the file; download it.', { status: 422, code: 'BadRequest' });
      yield decoder.decode(piece, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new HubError('The file is no UTF-8 text.', { status: 422, code: 'BadRequest' });
    throw error;
  }
}

async function fromCells(source: AsyncGenerator<string[]>, { numeric, offset, length }: ReadRowsParameters): Promise<{ columns: string[]; records: Row[]; more: boolean }> {
  const head = await source.next();
  const columns = head.done ? [] : head.value;
  const cell = (name: string, text: string | undefined): Cell => {
    if (text === undefined || text === '') return null;
    const number = Number(text);
    return numeric.has(name) ? (Number.isFinite(number) && text.trim() !== '' ? number : null) : text;
  };
  const { kept, more } = await page(source, offset, length);
  return { columns, records: kept.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cell(name, cells[index])]))), more };
}

async function fromLines(source: AsyncGenerator<Row>, { offset, length }: ReadRowsParameters): Promise<{ columns: string[]; records: Row[]; more: boolean }> {
  const { kept, more } = await page(source, offset, length);
  return { columns: [...new Set(kept.flatMap((row) => Object.keys(row)))], records: kept, more };
}

async function page<T>(source: AsyncGenerator<T>, offset: number, length: number): Promise<{ kept: T[]; more: boolean }> {
  const kept: T[] = [];
  let at = 0;
  for await (const item of source) {
    if (at >= offset + length) return { kept, more: true };
    if (at >= offset) kept.push(item);
    at += 1;
  }
  return { kept, more: false };
}

async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<Row> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield rowOf(line);
  }
  if (rest.trim() !== '') yield rowOf(rest);
}

function rowOf(line: string): Row {
  try {
    return JSON.parse(line) as Row;
  } catch {
    throw new HubError('A line of the file is no JSON.', { status: 422, code: 'BadRequest' });
  }
}

/** Records of RFC 4180: cells between quotes may hold line ends, a quote is written twice. Empty lines are none. */
async function* csvRecords(text: AsyncIterable<string>, separator: string): AsyncGenerator<string[]> {
  let [cells, cell, quoted, afterQuote]: [string[], string, boolean, boolean] = [[], '', false, false];
  for await (const piece of text) {
    for (const letter of piece) {
      if (quoted) {
        if (letter === '"') [quoted, afterQuote] = [false, true];
        else cell += letter;
      } else if (letter === '"' && (cell === '' || afterQuote)) {
        if (afterQuote) cell += '"';
        [quoted, afterQuote] = [true, false];
      } else if (letter === separator || letter === '\n') {
        cells.push(letter === '\n' ? cell.replace(/\r$/, '') : cell);
        [cell, afterQuote] = ['', false];
        if (letter !== '\n') continue;
        if (cells.length > 1 || cells[0] !== '') yield cells;
        cells = [];
      } else {
        cell += letter;
        afterQuote = false;
      }
    }
  }
  if (cell !== '' || cells.length > 0) yield [...cells, cell.replace(/\r$/, '')];
}
