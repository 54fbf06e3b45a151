import { EngineError } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspectFile } from '../content/inspectFile.ts';
import { askLocked } from './askLocked.ts';
import type { FileProfile, ProfileAnswer, ProfileFacts, ProfileQuestion, ProfileStage } from './profile.ts';
import { readable } from './readable.ts';
import { warningsOf } from './warningsOf.ts';

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
    const { source, dialect } = await readable(await realpath(file), content.format, folder);
    const facts = await ask({ ...common, ...source }, options);
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

async function ask(question: ProfileQuestion, { timeoutMs = 30 * 60_000, onProgress, signal }: ProfileOptions): Promise<ProfileFacts> {
  const answer = await askLocked<ProfileAnswer>({
    script: path.join(import.meta.dirname, 'child.ts'), question, what: 'profiles tables', timeoutMs, ...(signal ? { signal } : {}),
    onProgress: (said) => { if (said.type === 'progress') onProgress?.({ stage: said.stage, part: said.part }); },
  });
  if (answer.type === 'profiled') return answer.facts;
  if (answer.type === 'refused' && answer.memory) throw tooLarge(question.memoryMb);
  throw new NeuroError('The table cannot be read to its end.', { code: 'BAD_INPUT', remedy: 'Correct the file at the place that is named, or save it again.', ...(answer.type === 'refused' ? { details: answer.message } : {}) });
}

function tooLarge(memoryMb: number): NeuroError {
  return new NeuroError(`Profiling the table takes more than ${memoryMb} MiB of memory or the disk that it may use.`, { code: 'TOO_LARGE', remedy: 'Give it more with --memory, or split the table.' });
}

