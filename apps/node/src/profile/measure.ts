import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from './sqlText.ts';
import type { ProfileFacts, ProfileQuestion, ProfileStage, ProfiledColumn } from './profile.ts';

/** What is counted in one query; more columns take more of them. */
const COLUMNS_A_QUERY = 40;
const MOST_COLUMNS = 10_000;
const MOST_TOP = 10;
const LONGEST_TOP = 200;
const BARS = 20;
/** Pairs grow with the square. */
const MOST_CORRELATED = 24;
const MOST_CORRELATIONS = 20;
/** Up to here a column's texts are all counted; beyond, its commonest are found by a sketch and then counted. */
const FEW_TEXTS = 1_000;
/** As the engine reads numbers. */
const NUMBER = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?';

type Row = Record<string, unknown>;
type Found = { name: string; at: number; numeric: boolean; present: number; missing: number; distinct: number; longest: number };
type Setup = { connection: DuckDBConnection; question: ProfileQuestion; tell: (stage: ProfileStage, part: number) => void };

/** Measures a table file in three passes over it: what its columns are, their figures, and their shapes. Memory does not grow with the file. */
export async function measure(setup: Setup): Promise<ProfileFacts> {
  const { connection, question } = setup;
  const described = await rowsOf(connection, `DESCRIBE SELECT * FROM ${sourceOf(question)}`);
  const names = described.map(({ column_name: name }) => String(name));
  // Now that the fields of objects are known, their values are read as they are written.
  const from = sourceOf({ ...question, names });
  if (names.length > MOST_COLUMNS) throw new Error(`The table has more than ${MOST_COLUMNS} columns: split it into several tables.`);
  const found = await inBatches(setup, 'counting', names.map((name, at) => ({ name, at })), async (batch) => countColumns(setup, from, batch));
  const rows = found[0] === undefined ? 0 : found[0].present + found[0].missing;
  const measured = await inBatches(setup, 'measuring', found, async (batch) => measureColumns(setup, from, batch));
  const columns = await inBatches(setup, 'drawing', measured, async (batch) => drawColumns(setup, from, batch));
  return { rows, columns, correlations: await correlate(setup, from, measured) };
}

function sourceOf({ file, source, names, delimiter = ',', quote = '"' }: ProfileQuestion): string {
  if (source === 'parquet') return `read_parquet(${literal(file)})`;
  const columns = names && `columns = {${names.map((name) => `${identifier(name)}: 'VARCHAR'`).join(', ')}}`;
  if (source !== 'csv') return `read_json(${literal(file)}, format = ${literal(source === 'json' ? 'array' : 'newline_delimited')}, records = true, ${columns ?? 'sample_size = -1, map_inference_threshold = -1'}, maximum_object_size = 67108864)`;
  return `read_csv(${literal(file)}, auto_detect = false, header = true, ${columns ?? ''}, delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(quote)}, strict_mode = true, null_padding = false, max_line_size = 4194304, buffer_size = 8388608)`;
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

async function rowOf({ connection }: Setup, stage: string, sql: string): Promise<Row> {
  const [row] = await rowsOf(connection, sql);
  if (!row) throw new Error(`DuckDB gave nothing for ${stage}`);
  return row;
}

async function inBatches<Input, Output>(setup: Setup, stage: ProfileStage, inputs: readonly Input[], run: (batch: readonly Input[]) => Promise<Output[]>): Promise<Output[]> {
  const outputs: Output[] = [];
  for (let at = 0; at < inputs.length; at += COLUMNS_A_QUERY) {
    const part = (done: number): void => setup.tell(stage, Math.min(1, (at + done * COLUMNS_A_QUERY) / inputs.length));
    const timer = setInterval(() => part(Math.max(0, setup.connection.progress.percentage) / 100), 250);
    try {
      outputs.push(...(await run(inputs.slice(at, at + COLUMNS_A_QUERY))));
    } finally {
      clearInterval(timer);
    }
  }
  setup.tell(stage, 1);
  return outputs;
}

/** A cell as a text, null where it is missing. */
function cell(name: string): string {
  return `nullif(nullif(CAST(${identifier(name)} AS VARCHAR), ''), 'NA')`;
}

function number(name: string): string {
  // Zero is added so that -0 is 0.
  return `(CAST(${cell(name)} AS DOUBLE) + 0.0)`;
}

/** A subquery of a batch's columns under names that are safe. */
function of(from: string, columns: readonly { at: number; sql: string }[]): string {
  return `(SELECT ${columns.map(({ at, sql }) => `${sql} AS v${at}`).join(', ')} FROM ${from})`;
}

async function countColumns(setup: Setup, from: string, batch: readonly { name: string; at: number }[]): Promise<Found[]> {
  const distinct = setup.question.exact ? (at: number) => `count(DISTINCT v${at})` : (at: number) => `approx_count_distinct(v${at})`;
  const parts = batch.map(({ at }) => `count(v${at}) AS p${at}, count(*) FILTER (regexp_full_match(v${at}, '${NUMBER}') AND isfinite(TRY_CAST(v${at} AS DOUBLE))) AS n${at}, ${distinct(at)} AS d${at}, coalesce(max(length(v${at})), 0) AS l${at}`);
  const row = await rowOf(setup, 'counts', `SELECT count(*) AS rows, ${parts.join(', ')} FROM ${of(from, batch.map(({ name, at }) => ({ at, sql: cell(name) })))}`);
  return batch.map(({ name, at }) => {
    const present = toNumber(row[`p${at}`]);
    return { name, at, present, missing: toNumber(row['rows']) - present, numeric: present > 0 && toNumber(row[`n${at}`]) === present, distinct: Math.min(present, toNumber(row[`d${at}`])), longest: toNumber(row[`l${at}`]) };
  });
}

type Measured = Found & { numbers?: Omit<NonNullable<ProfiledColumn['numbers']>, 'histogram'>; top?: { value: string; count?: number }[] };

async function measureColumns(setup: Setup, from: string, batch: readonly Found[]): Promise<Measured[]> {
  const { exact } = setup.question;
  const parts = batch.map((column) => {
    const v = `v${column.at}`;
    if (!column.numeric) return column.distinct <= FEW_TEXTS ? `histogram(${v}) AS t${column.at}` : `approx_top_k(${v}, ${MOST_TOP}) AS t${column.at}`;
    const quantiles = `[0.05, 0.25, 0.5, 0.75, 0.95]`;
    return `min(${v}) AS a${column.at}, max(${v}) AS b${column.at}, avg(${v}) AS m${column.at}, ${exact ? `quantile_cont(${v}, ${quantiles})` : `approx_quantile(${v}, ${quantiles})`} AS q${column.at}, ${exact ? 'count(DISTINCT ' : 'approx_count_distinct('}${v}) AS d${column.at}`;
  });
  const row = await rowOf(setup, 'figures', `SELECT ${parts.join(', ')} FROM ${of(from, batch.map(({ name, at, numeric }) => ({ at, sql: numeric ? number(name) : cell(name) })))}`);
  return batch.map((column) => {
    const { at } = column;
    if (!column.numeric) return { ...column, top: topOf(row[`t${at}`]) };
    const [p5 = NaN, p25 = NaN, p50 = NaN, p75 = NaN, p95 = NaN] = itemsOf(row[`q${at}`]).map(toNumber);
    const numbers = { min: toNumber(row[`a${at}`]), max: toNumber(row[`b${at}`]), mean: toNumber(row[`m${at}`]), deviation: 0, quantiles: [p5, p25, p50, p75, p95] as [number, number, number, number, number] };
    return { ...column, distinct: Math.min(column.present, toNumber(row[`d${at}`])), numbers };
  });
}

/** A map of texts to counts, or the commonest texts alone. */
function topOf(value: unknown): { value: string; count?: number }[] {
  const entries = itemsOf(value).map((item): { value: string; count?: number } => {
    if (typeof item !== 'object' || item === null || !('key' in item)) return { value: String(item) };
    const { key, value: count } = item as { key: unknown; value: unknown };
    return { value: String(key), count: toNumber(count) };
  });
  return entries.some(({ count }) => count !== undefined) ? entries.sort(byCount).slice(0, MOST_TOP) : entries;
}

function byCount(a: { value: string; count?: number }, b: { value: string; count?: number }): number {
  return (b.count ?? 0) - (a.count ?? 0) || (a.value < b.value ? -1 : 1);
}

async function drawColumns(setup: Setup, from: string, batch: readonly Measured[]): Promise<ProfiledColumn[]> {
  const parts = batch.flatMap(({ at, numbers, top }) => {
    if (numbers) {
      const { min, max, mean } = numbers;
      const width = max - min;
      // Halves, so that the difference of the largest numbers is one.
      const cellOf = width > 0 ? `least(${BARS - 1}, CAST(floor((v${at} / 2 - ${exactly(min / 2)}) / ${exactly(max / 2 - min / 2)} * ${BARS}) AS INTEGER))` : '0';
      // `least` leaves nulls out.
      const bucket = `CASE WHEN v${at} IS NULL THEN NULL ELSE ${cellOf} END`;
      return [`histogram(${bucket}) AS h${at}`, `avg((v${at} - ${exactly(mean)}) * (v${at} - ${exactly(mean)})) AS s${at}`];
    }
    return (top ?? []).flatMap(({ value, count }, index) => (count === undefined ? [`count(*) FILTER (v${at} = ${literal(value)}) AS t${at}_${index}`] : []));
  });
  const row = parts.length === 0 ? {} : await rowOf(setup, 'shapes', `SELECT ${parts.join(', ')} FROM ${of(from, batch.map(({ name, at, numeric }) => ({ at, sql: numeric ? number(name) : cell(name) })))}`);
  return batch.map(({ name, at, numeric, missing, distinct, longest, numbers, top = [] }) => {
    const common = { name, missing, distinct };
    if (numbers) return { ...common, kind: 'numeric' as const, numbers: { ...numbers, deviation: Math.sqrt(toNumber(row[`s${at}`])), histogram: barsOf(row[`h${at}`]) } };
    const counted = top.map(({ value, count }, index) => ({ value: value.slice(0, LONGEST_TOP), count: count ?? toNumber(row[`t${at}_${index}`]) }));
    return { ...common, kind: numeric ? ('numeric' as const) : ('categorical' as const), longest, top: counted.sort(byCount) };
  });
}

function barsOf(value: unknown): number[] {
  const bars = Array.from({ length: BARS }, () => 0);
  for (const item of itemsOf(value)) {
    const { key, value: count } = item as { key: unknown; value: unknown };
    bars[Math.max(0, toNumber(key))] = toNumber(count);
  }
  return bars;
}

async function correlate(setup: Setup, from: string, columns: readonly Measured[]): Promise<ProfileFacts['correlations']> {
  const numeric = columns.filter(({ numbers }) => numbers && numbers.max > numbers.min).slice(0, MOST_CORRELATED);
  const pairs = numeric.flatMap((a, index) => numeric.slice(index + 1).map((b) => ({ a, b })));
  if (pairs.length === 0) return [];
  // A correlation that overflows is left out, not an error.
  const sql = pairs.map(({ a, b }, index) => `corr(v${a.at}, v${b.at}) AS r${index}`).join(', ');
  const row = await rowOf(setup, 'correlations', `SELECT ${sql} FROM ${of(from, numeric.map(({ name, at }) => ({ at, sql: number(name) })))}`).catch((error: unknown) => {
    if (error instanceof Error && /out of range/i.test(error.message)) return undefined;
    throw error;
  });
  if (!row) return [];
  const found = pairs.map(({ a, b }, index) => ({ a: a.name, b: b.name, r: row[`r${index}`] })).filter((pair): pair is { a: string; b: string; r: number } => typeof pair.r === 'number' && Number.isFinite(pair.r));
  return found.sort((a, b) => Math.abs(b.r) - Math.abs(a.r)).slice(0, MOST_CORRELATIONS);
}

/** A number in SQL, to the last bit. */
function exactly(value: number): string {
  return `CAST('${value}' AS DOUBLE)`;
}

function toNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN;
}

/** Lists come as arrays or as objects with `items`; maps as lists of `entries`. */
function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [];
  if ('items' in value && Array.isArray(value.items)) return value.items;
  return 'entries' in value && Array.isArray(value.entries) ? value.entries : [];
}
