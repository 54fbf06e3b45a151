import { EngineError, csvNames, plainCsv, sniffCsvDialect } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { inspectFile } from '../content/inspectFile.ts';
import { sandboxCommand } from '../modelCheck/sandboxCommand.ts';
import { watchMemory } from '../tableCheck/watchMemory.ts';
import type { FileProfile, ProfileAnswer, ProfileFacts, ProfileQuestion, ProfileStage } from './profile.ts';
import { warningsOf } from './warningsOf.ts';
import { writeArrowAsRecords } from './writeArrowAsRecords.ts';

export type ProfileOptions = {
  /** 30 minutes by default. */
  timeoutMs?: number;
  /** Of DuckDB; 1,024 by default. The process as a whole may have half as much again and 512. */
  memoryMb?: number;
  threads?: number;
  /** What may be spilled to disk; 16,384 by default. */
  temporaryMb?: number;
  /** Files above this many bytes are described by estimates; 256 MiB by default. */
  exactBytes?: number;
  onProgress?: (progress: { stage: ProfileStage; part: number }) => void;
  signal?: AbortSignal;
};

const HEAD_BYTES = 1 << 20;

/**
 * Describes a table file of any size with DuckDB, in a process of its own that reads that file and nothing else: no network, no extension, capped memory, disk and time. What
 * the file is, its content says. Where it ends that process, this one goes on, and nothing is lost.
 *
 * @throws NeuroError BAD_INPUT for what is no table, TOO_LARGE, TIMEOUT, INTERNAL; the signal's reason once aborted
 */
export async function profileFile(file: string, options: ProfileOptions = {}): Promise<FileProfile> {
  const { memoryMb = 1_024, threads = 2, temporaryMb = 16_384, exactBytes = 2 ** 28, signal } = options;
  signal?.throwIfAborted();
  const content = await inspectFile(file);
  if (content.kind !== 'table') throw new NeuroError(`The file is ${content.mediaType}, no table.`, { code: 'BAD_INPUT', remedy: 'Profile a table: CSV, JSON, NDJSON, Parquet or Arrow.' });
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'neurodata-profile-'));
  try {
    const common = { exact: content.size <= exactBytes, memoryMb, threads, temporaryMb, temporary: path.join(folder, 'spill') };
    const { question, dialect } = await questionOf(await realpath(file), content.format, { folder, common });
    const facts = await ask(question, options);
    const profile = { format: content.format, ...(dialect ? { dialect } : {}), bytes: content.size, exact: common.exact, ...facts };
    if (facts.rows === 0) throw new NeuroError('The table has no rows.', { code: 'BAD_INPUT', remedy: 'Add at least one row.' });
    return { ...profile, warnings: warningsOf(profile) };
  } catch (error) {
    if (error instanceof EngineError) throw new NeuroError(error.message, { code: error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'BAD_INPUT', cause: error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Common = Pick<ProfileQuestion, 'exact' | 'memoryMb' | 'threads' | 'temporary' | 'temporaryMb'>;

/** What DuckDB is to read: the file, or a copy of it in a form that it knows. */
async function questionOf(file: string, format: FileProfile['format'], { folder, common }: { folder: string; common: Common }): Promise<{ question: ProfileQuestion; dialect?: NonNullable<FileProfile['dialect']> }> {
  if (format === 'arrow' || format === 'arrow-stream') {
    const copy = path.join(folder, 'rows.ndjson');
    await writeArrowAsRecords(new Uint8Array(await readFile(file)), copy);
    return { question: { ...common, file: copy, source: 'ndjson' } };
  }
  if (format === 'parquet') return { question: { ...common, file, source: format } };
  const head = await headOf(file);
  const dialect = sniffCsvDialect(head);
  const plain = dialect.encoding === 'utf-8' ? file : path.join(folder, 'utf8.txt');
  if (plain !== file) await toUtf8({ from: file, to: plain, encoding: dialect.encoding });
  if (format !== 'csv') return { question: { ...common, file: plain, source: format } };
  const names = csvNames(plainCsv(head, dialect));
  return { question: { ...common, file: plain, source: 'csv', names, delimiter: dialect.delimiter, quote: dialect.quote }, dialect };
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const buffer = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function toUtf8({ from, to, encoding }: { from: string; to: string; encoding: string }): Promise<void> {
  try {
    await pipeline(createReadStream(from), (source: AsyncIterable<Uint8Array>) => decoded(source, new TextDecoder(encoding, { fatal: true })), createWriteStream(to));
  } catch (cause) {
    throw new NeuroError('The file begins as UTF-16 and is not valid UTF-16.', { code: 'BAD_INPUT', remedy: 'Save it as UTF-8.', cause });
  }
}

async function* decoded(source: AsyncIterable<Uint8Array>, decoder: TextDecoder): AsyncGenerator<string> {
  for await (const piece of source) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

async function ask(question: ProfileQuestion, { timeoutMs = 30 * 60_000, onProgress, signal }: ProfileOptions): Promise<ProfileFacts> {
  const [command, ...words] = sandboxCommand({ heapMb: 512, cpuSeconds: (timeoutMs / 1000) * (question.threads + 1), folders: [import.meta.dirname] });
  // DuckDB is native code: Node's permissions bind the rest of the process, DuckDB's own settings bind it.
  const allowed = ['--allow-addons', `--allow-fs-read=${question.file}`, `--allow-fs-read=${question.temporary}`, `--allow-fs-write=${question.temporary}`];
  const child = spawn(command, [...words, ...allowed, path.join(import.meta.dirname, 'child.ts')], { env: {}, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'pipe'] });
  const most = Math.ceil(question.memoryMb * 1.5) + 512;
  const memory = watchMemory(child, most);
  const { promise, resolve, reject } = Promise.withResolvers<ProfileFacts>();
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    if (said.length < 4_096) said += piece.toString('utf8');
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as ProfileAnswer;
    if (answer.type === 'progress') onProgress?.({ stage: answer.stage, part: answer.part });
    else if (answer.type === 'profiled') resolve(answer.facts);
    else reject(answer.memory ? tooLarge(question.memoryMb) : new NeuroError('The table cannot be read to its end.', { code: 'BAD_INPUT', remedy: 'Correct the file at the place that is named, or save it again.', details: answer.message }));
  });
  child.on('error', (cause) => reject(new NeuroError('The process that profiles tables did not start.', { code: 'INTERNAL', retryable: true, cause })));
  child.on('close', (code, killed) => reject(memory.outgrown() ? tooLarge(most) : new NeuroError(`The process that profiles tables died (${code ?? killed ?? 'unknown'}); the file is untouched.`, { code: 'INTERNAL', retryable: true, remedy: 'Try again; if it dies again, publish the table in another format.', details: said.slice(-500) })));
  const timer = setTimeout(() => reject(new NeuroError(`The table was not profiled within ${timeoutMs} ms.`, { code: 'TIMEOUT', retryable: true, remedy: 'Try again with more time.' })), timeoutMs);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  // It may end before it has read everything: its exit says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(question));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    memory.stop();
    signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
  }
}

function tooLarge(memoryMb: number): NeuroError {
  return new NeuroError(`Profiling the table takes more than ${memoryMb} MiB of memory or the disk that it may use.`, { code: 'TOO_LARGE', remedy: 'Give it more with --memory, or split the table.' });
}

