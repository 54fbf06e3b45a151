import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { identifier, literal } from '../profile/sqlText.ts';
import type { QueryFacts, QueryQuestion } from './query.ts';
import { writeArrow } from './writeArrow.ts';

/** The question is none that is answered. */
export class WrongQuery extends Error {
  override readonly name = 'WrongQuery';
}

/** What a spreadsheet runs as a formula begins so. Source: OWASP, "CSV injection". */
const FORMULA = String.raw`^[=+\-@\t\r]`;
const NUMBER = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?';

/** Answers one SELECT over the table, which is called `data`, into the output file. */
export async function answerQuery(connection: DuckDBConnection, question: QueryQuestion): Promise<QueryFacts> {
  await connection.run(`CREATE VIEW data AS SELECT * FROM ${sourceOf(question)}`);
  const sql = await expectSelect(connection, question.sql);
  const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM (\n${sql}\n) AS answer`)).getRowObjectsJS();
  const columns = described.map(({ column_name: name, column_type: type }) => ({ name: String(name), type: String(type) }));
  if (question.format === 'arrow') return { rows: await writeArrow({ connection, columns, from: answerOf(sql, columns), file: question.output }), columns };
  const result = await connection.runAndReadAll(`COPY (SELECT ${columns.map((column, index) => `${cellOf(column, index, question)} AS ${identifier(nameOf(column.name, question))}`).join(', ')}
    FROM ${answerOf(sql, columns)}) TO ${literal(question.output)} (${optionsOf(question)})`);
  return { rows: Number(result.getRowsJS()[0]?.[0] ?? 0), columns };
}

/** The question as a table whose columns are c0, c1 and so on, since names may come twice. */
function answerOf(sql: string, columns: readonly unknown[]): string {
  return `(\n${sql}\n) AS answer(${columns.map((_, index) => `c${index}`).join(', ')})`;
}

/** Types are found in the whole file: a column of numbers is one, and empty cells and `NA` are missing. */
function sourceOf({ file, source, delimiter = ',', quote = '"' }: QueryQuestion): string {
  if (source === 'parquet') return `read_parquet(${literal(file)})`;
  if (source !== 'csv') return `read_json(${literal(file)}, format = ${literal(source === 'json' ? 'array' : 'newline_delimited')}, records = true, sample_size = -1, map_inference_threshold = -1, maximum_object_size = 67108864)`;
  return `read_csv(${literal(file)}, header = true, skip = 0, comment = '', sample_size = -1, delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, nullstr = ['', 'NA'], strict_mode = true, null_padding = false, max_line_size = 4194304)`;
}

/** One statement that reads and changes nothing: what else there is could write, attach or set. */
async function expectSelect(connection: DuckDBConnection, sql: string): Promise<string> {
  if (sql.trim() === '') throw new WrongQuery('Nothing is asked.');
  const statements = await connection.extractStatements(sql).catch((error: unknown) => { throw new WrongQuery(textOf(error)); });
  if (statements.count !== 1) throw new WrongQuery(`There are ${statements.count} statements: ask one thing at a time.`);
  const statement = await statements.prepare(0).catch((error: unknown) => { throw new WrongQuery(textOf(error)); });
  if (statement.statementType !== StatementType.SELECT) throw new WrongQuery('Only SELECT is answered.');
  return sql.trim().replace(/;\s*$/, '');
}

const isGuarded = ({ format, raw }: QueryQuestion): boolean => format === 'csv' && !raw;

function cellOf({ type }: { type: string }, index: number, question: QueryQuestion): string {
  const cell = `c${index}`;
  // Numbers, dates and the like write themselves without formulas; lists and objects begin with brackets.
  if (!isGuarded(question) || !/^(VARCHAR|ENUM|JSON|BLOB|UNION)/.test(type)) return cell;
  const text = `CAST(${cell} AS VARCHAR)`;
  return `CASE WHEN regexp_matches(${text}, '${FORMULA}') AND NOT regexp_full_match(${text}, '${NUMBER}') THEN '''' || ${text} ELSE ${text} END`;
}

function nameOf(name: string, question: QueryQuestion): string {
  return isGuarded(question) && new RegExp(FORMULA).test(name) ? `'${name}` : name;
}

function optionsOf({ format }: QueryQuestion): string {
  if (format === 'parquet') return 'FORMAT parquet, COMPRESSION zstd';
  return format === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT json';
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
