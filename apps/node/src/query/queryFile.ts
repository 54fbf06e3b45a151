import { chmod, copyFile, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { inspectFile } from '../content/inspectFile.ts';
import { askLocked } from '../profile/askLocked.ts';
import { readable } from '../profile/readable.ts';
import type { QueryAnswer, QueryFacts, QueryFormat, QueryQuestion } from './query.ts';

export { type QueryFacts, type QueryFormat, queryFormats } from './query.ts';

export type QueryParameters = {
  file: string;
  /** One SELECT; the table is called `data`. */
  sql: string;
  format: QueryFormat;
  /** CSV as the values are; else cells that a spreadsheet would run begin with an apostrophe. */
  raw?: boolean;
  /** Where the answer is written, once it is whole, for this user alone. A file that is there is replaced. */
  to: string;
  /** Two minutes by default. */
  timeoutMs?: number;
  /** Of DuckDB; 1,024 by default. */
  memoryMb?: number;
  threads?: number;
  /** What may be spilled to disk; 16,384 by default. */
  temporaryMb?: number;
  signal?: AbortSignal;
};

/**
 * Asks one SELECT of a table file, in a process of its own that reads that file, writes the answer and nothing else: no other path, no network, no extension, capped memory,
 * disk and time. What the file is, its content says.
 *
 * @throws NeuroError BAD_INPUT for what is no table and for a query that is none, NOT_FOUND, TOO_LARGE, TIMEOUT, INTERNAL; the signal's reason once aborted
 * @example await queryFile({ file: 'rows.csv', sql: 'SELECT species, count(*) FROM data GROUP BY ALL', format: 'csv', to: 'counts.csv' });
 */
export async function queryFile(parameters: QueryParameters): Promise<QueryFacts> {
  const { file, sql, format, raw = false, to, timeoutMs = 120_000, memoryMb = 1_024, threads = 2, temporaryMb = 16_384, signal } = parameters;
  signal?.throwIfAborted();
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'neurodata-query-'));
  try {
    const content = await inspectFile(file);
    if (content.kind !== 'table') throw new NeuroError(`The file is ${content.mediaType}, no table.`, { code: 'BAD_INPUT', remedy: 'Ask a table: CSV, JSON, NDJSON, Parquet or Arrow.' });
    const { source } = await readable(await realpath(file), content.format, folder);
    const question: QueryQuestion = { ...source, memoryMb, threads, temporary: path.join(folder, 'spill'), temporaryMb, sql, format, raw, output: path.join(folder, 'answer') };
    const answer = await askLocked<QueryAnswer>({ script: path.join(import.meta.dirname, 'child.ts'), question, writes: [question.output], what: 'answers queries', timeoutMs, ...(signal ? { signal } : {}) });
    if (answer.type === 'refused') throw refusalOf(answer, memoryMb);
    await chmod(question.output, 0o600);
    await move(question.output, to);
    return answer.facts;
  } catch (error) {
    if (error instanceof EngineError) throw new NeuroError(error.message, { code: error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'BAD_INPUT', cause: error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refusalOf({ why, message }: Extract<QueryAnswer, { type: 'refused' }>, memoryMb: number): NeuroError {
  if (why === 'memory') return new NeuroError(`The query takes more than ${memoryMb} MiB of memory or the disk that it may use.`, { code: 'TOO_LARGE', remedy: 'Give it more with --memory, or ask for less.', details: message });
  if (why === 'sql') return new NeuroError('This query cannot be answered.', { code: 'BAD_INPUT', remedy: 'Ask one SELECT of the table `data`.', details: message });
  return new NeuroError('The table cannot be read to its end.', { code: 'BAD_INPUT', remedy: 'Correct the file at the place that is named, or save it again.', details: message });
}

/** Whole or not at all, also to another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    const beside = `${to}.${process.pid}.part`;
    await copyFile(from, beside);
    await rename(beside, to);
  }
}
