import { tableCsv } from '@neurodata/engine';
import type { Duck } from './duck.ts';
import type { SqlAnswer, SqlCells, SqlColumn, SqlTable } from './sql.ts';

/** Rows that a page of an answer has. */
export const PAGE_ROWS = 100;

/** What a spreadsheet runs as a formula begins so, where it is no number. Source: OWASP, "CSV injection". */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a table of any format into `data`, then locks the database. Our own readers read it: DuckDB gets text, and would have to fetch what reads other formats. */
export async function openTable(duck: Duck, bytes: Uint8Array): Promise<SqlTable> {
  const { csv, texts } = await tableCsv(bytes);
  await duck.giveFile('table.csv', csv);
  const types = texts.length === 0 ? '' : `, types = {${texts.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  // As `neurodata datasets sql` reads it: types are found in the whole file.
  await duck.run(`CREATE TABLE data AS SELECT * FROM read_csv('table.csv', header = true, skip = 0, comment = '', sample_size = -1, delim = ',', quote = '"', escape = '"', nullstr = ['', 'NA'], strict_mode = true, null_padding = false, max_line_size = 4194304${types})`);
  await duck.run('CREATE VIEW rows AS SELECT * FROM data');
  await duck.dropFile('table.csv');
  await duck.lock();
  return { columns: await describe(duck, 'SELECT * FROM data'), rows: await countOf(duck, 'data') };
}

/** One SELECT; its rows are kept for {@link pageOf} and {@link answerCsv}. Throws in DuckDB's words. */
export async function askSql(duck: Duck, sql: string): Promise<SqlAnswer> {
  const started = performance.now();
  const text = sql.trim().replace(/;\s*$/, '');
  if (text === '') throw new Error('Nothing is asked.');
  // As it stands first, so that the error's place is the question's own; more than one statement is refused here.
  await duck.check(text);
  const wrapped = `SELECT * FROM (\n${text}\n) AS answer`;
  await duck.check(wrapped).catch(() => { throw new Error('Only SELECT is answered.'); });
  const columns = await describe(duck, wrapped);
  await duck.run(`CREATE OR REPLACE TEMP TABLE answer AS SELECT * FROM (\n${text}\n) AS answer(${columns.map((_, index) => `c${index}`).join(', ')})`);
  return { columns, rows: await countOf(duck, 'answer'), page: await pageOf(duck, columns.length, 0), seconds: (performance.now() - started) / 1_000 };
}

/** Rows of the last answer from `offset` on, every value as DuckDB writes it. */
export const pageOf = (duck: Duck, columns: number, offset: number): Promise<SqlCells> => cellsOf(duck, columns, ` LIMIT ${PAGE_ROWS} OFFSET ${Math.max(0, Math.floor(offset))}`);

/** The last answer as RFC 4180 has it, with an apostrophe before texts and names that a spreadsheet would run. */
export async function answerCsv(duck: Duck, columns: readonly SqlColumn[]): Promise<Uint8Array> {
  const guarded = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);
  const field = (text: string | null): string => (text === null ? '' : /[",\r\n]/.test(text) || columns.length === 1 ? `"${guarded(text).replaceAll('"', '""')}"` : guarded(text));
  const lines = [columns.map(({ name }) => name), ...(await cellsOf(duck, columns.length, ''))];
  return new TextEncoder().encode(lines.map((line) => `${line.map(field).join(',')}\n`).join(''));
}

const cellsOf = (duck: Duck, columns: number, which: string): Promise<SqlCells> => duck.rows(`SELECT ${Array.from({ length: columns }, (_, index) => `c${index}::VARCHAR`).join(', ')} FROM answer${which}`);

async function describe(duck: Duck, select: string): Promise<SqlColumn[]> {
  const found = await duck.rows(`SELECT column_name, column_type FROM (DESCRIBE ${select})`);
  return found.map(([name, type]) => ({ name: name ?? '', type: type ?? '' }));
}

const countOf = async (duck: Duck, table: string): Promise<number> => Number((await duck.rows(`SELECT count(*)::VARCHAR FROM ${table}`))[0]?.[0] ?? 0);

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
