import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NeuroError } from '@neurodata/protocol';
import { HubError, type HubTable, type HubTables, type TableAnswer, type TableQuestion } from '@neurodata/sdk';
import { createTurns } from './createTurns.ts';
import { featuresOf } from './featuresOf.ts';
import { queryFile } from './queryFile.ts';
import { candidatesSql, formsOf, hasTexts, searchSql, termsOf } from './searchSql.ts';
import { type Column, type TableSql, tableSql } from './tableSql.ts';

export type HubTablesParameters = {
  /** Copies lie in a folder in it, for this user alone. */
  folder: string;
  /** A larger table is not copied; 512 MiB where absent. */
  mostBytes?: number;
  /** What copies take altogether before the oldest go; 2 GiB where absent. */
  keepBytes?: number;
  /** For one question, milliseconds; 20,000 where absent. A copy may take six times as much. */
  timeoutMs?: number;
};

/** How many processes work at once, how many questions wait, and how large a page may be. */
const [AT_ONCE, WAITING, MOST_PAGE] = [2, 24, 16 * 2 ** 20];
const limits = { memoryMb: 512, threads: 1, temporaryMb: 2_048 };

type Copy = { file: string; size: number; sha256: string; columns: Column[]; uses: number };

/**
 * Asks tables for the dataset viewer's routes. Each is made Parquet once, by the locked process that answers queries, and asked there; what a caller wrote reaches it as conditions that were
 * understood, never as SQL of their own. Copies go with `stop`, and those of processes that died when the next one begins.
 */
export function createHubTables({ folder, mostBytes = 512 * 2 ** 20, keepBytes = 2 * 2 ** 30, timeoutMs = 20_000 }: HubTablesParameters): HubTables {
  const own = path.join(folder, `${process.pid}-${randomUUID()}`);
  const copies = new Map<string, Promise<Copy>>();
  const inTurn = createTurns({ atOnce: AT_ONCE, waiting: WAITING });
  let begun: Promise<unknown> | undefined;

  const make = async ({ key, data }: HubTable): Promise<Copy> => {
    if (data.size > mostBytes) throw new HubError(`This table has ${data.size} bytes; up to ${mostBytes} are searched, filtered and made Parquet here. Download it.`, { status: 422, code: 'TooBigContent' });
    await (begun ??= begin(folder, own));
    const name = path.join(own, createHash('sha256').update(key).digest('hex'));
    const [plain, file] = [`${name}.plain`, `${name}.parquet`];
    try {
      await pipeline(Readable.from(data.read({ offset: 0, length: data.size }), { objectMode: false }), createWriteStream(plain, { mode: 0o600 }));
      const { columns } = await queryFile({ file: plain, sql: 'SELECT * FROM data', format: 'parquet', to: file, timeoutMs: 6 * timeoutMs, ...limits }).catch(noTable);
      return { file, columns, ...(await measure(file)), uses: 0 };
    } finally {
      await rm(plain, { force: true });
    }
  };

  const makeRoom = async (): Promise<void> => {
    const all = await Promise.all([...copies].map(async ([key, copy]) => ({ key, copy: await copy.catch(() => undefined) })));
    let sum = all.reduce((bytes, { copy }) => bytes + (copy?.size ?? 0), 0);
    for (const { key, copy } of all.slice(0, -1)) {
      if (sum <= keepBytes || !copy || copy.uses > 0) continue;
      sum -= copy.size;
      copies.delete(key);
      await rm(copy.file, { force: true });
    }
  };

  /** The copy, which stays while `work` is under way. Those that were asked last go last. */
  const withCopy = async <T>(table: HubTable, work: (copy: Copy) => Promise<T>): Promise<T> => {
    const found = copies.get(table.key);
    const copying = found ?? inTurn(() => make(table));
    copies.delete(table.key);
    copies.set(table.key, copying);
    const copy = await copying.catch((error: unknown) => {
      if (copies.get(table.key) === copying) copies.delete(table.key);
      throw error;
    });
    copy.uses += 1;
    try {
      if (!found) await makeRoom();
      return await work(copy);
    } finally {
      copy.uses -= 1;
    }
  };

  return {
    select: (table, question) => withCopy(table, async (copy) => {
      const place = { copy, to: path.join(own, `${randomUUID()}.json`), timeoutMs };
      if (question.words !== undefined) return search({ ...place, inTurn, question: { ...question, words: question.words } });
      const asked = tableSql(copy.columns, question);
      return inTurn(() => answer({ ...place, asked }));
    }),
    parquet: (table) => withCopy(table, async ({ size, sha256 }) => ({
      sha256,
      data: {
        size, checks: () => 'content',
        // Made anew where it went meanwhile.
        read: async function* ({ offset, length, signal }) {
          if (length > 0) for await (const piece of await withCopy(table, async ({ file }) => opened(file, { start: offset, end: offset + length - 1, ...(signal ? { signal } : {}) }))) yield piece;
        },
      },
    })),
    stop: async () => {
      copies.clear();
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** A stream whose file was opened: it goes on where the file's name goes. */
async function opened(file: string, range: { start: number; end: number; signal?: AbortSignal }): Promise<AsyncIterable<Uint8Array>> {
  const stream = createReadStream(file, range);
  await new Promise((resolve, reject) => { stream.once('open', resolve).once('error', reject); });
  return stream;
}

/** Makes the own folder, and removes those of processes that are no more. */
async function begin(folder: string, own: string): Promise<void> {
  await mkdir(own, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) if (/^\d+-/.test(name) && !isAlive(Number.parseInt(name, 10))) await rm(path.join(folder, name), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function measure(file: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
  return { size: (await stat(file)).size, sha256: hash.digest('hex') };
}

function noTable(error: unknown): never {
  if (error instanceof NeuroError && error.code === 'BAD_INPUT') throw new HubError(`The file is not read as a table: ${error.message}`, { status: 422, code: 'BadRequest' });
  throw error;
}

type Place = { copy: Copy; to: string; timeoutMs: number };

/** Rows with a word of the query in one of its forms, by relevance: first which words of the table are such forms, then the rows. */
async function search({ inTurn, question, ...place }: Place & { inTurn: ReturnType<typeof createTurns>; question: TableQuestion & { words: string } }): Promise<TableAnswer> {
  const { columns } = place.copy;
  const terms = termsOf(question.words);
  const nothing = { features: featuresOf(columns), rows: [], total: 0 };
  if (terms.length === 0 || !hasTexts(columns)) return nothing;
  return inTurn(async () => {
    const began = performance.now();
    const candidates = await ask({ ...place, sql: candidatesSql(columns, terms) });
    const forms = formsOf(terms, candidates.map(({ word }) => String(word)));
    if (forms.length === 0) return nothing;
    const timeoutMs = Math.max(1, Math.floor(place.timeoutMs - (performance.now() - began)));
    return answer({ ...place, asked: searchSql(columns, { ...question, terms, forms }), timeoutMs });
  });
}

async function answer({ asked, ...place }: Place & { asked: TableSql }): Promise<TableAnswer> {
  const lines = await ask({ ...place, sql: asked.sql });
  const total = Number(lines[0]?.[asked.total] ?? 0);
  const rows = lines.filter((line) => line[asked.index] !== null).map((line) => {
    const { [asked.index]: index, [asked.total]: _total, ...row } = line;
    return { index: Number(index), row };
  });
  return { features: featuresOf(place.copy.columns), rows, total };
}

/** The rows that one SELECT gives. */
async function ask({ copy, sql, to, timeoutMs }: Place & { sql: string }): Promise<Record<string, unknown>[]> {
  try {
    await queryFile({ file: copy.file, sql, format: 'json', to, timeoutMs, ...limits }).catch(wrongQuestion);
    if ((await stat(to)).size > MOST_PAGE) throw new HubError('These rows are too long for one answer; ask for fewer.', { status: 422, code: 'TooBigContent' });
    return (await readFile(to, 'utf8')).split('\n').filter(Boolean).map(parseLine);
  } finally {
    await rm(to, { force: true });
  }
}

/** DuckDB writes NaN and infinities as they are, which JSON does not have: null stands for them. */
function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return JSON.parse(line.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|-?\b(?:NaN|Infinity|inf)\b/gi, (found, text: string | undefined) => (text === undefined ? 'null' : found))) as Record<string, unknown>;
  }
}

/** A value of another kind than its column's, in DuckDB's words. */
function wrongQuestion(error: unknown): never {
  if (!(error instanceof NeuroError) || error.code !== 'BAD_INPUT') throw error;
  throw new HubError(`The question does not fit the table: ${error.details?.split('\n')[0]?.slice(0, 300) ?? error.message}`, { status: 422, code: 'InvalidParameter' });
}
