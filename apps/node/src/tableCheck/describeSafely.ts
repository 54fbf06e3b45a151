import { EngineError } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { sandboxCommand } from '../modelCheck/sandboxCommand.ts';
import type { TableAnswer, TableFacts, TableQuestion } from './answer.ts';
import { watchMemory } from './watchMemory.ts';

export type DescribeLimits = {
  timeoutMs: number;
  /** Of JavaScript's heap; 3,072 by default. */
  heapMb?: number;
  /** Of the whole process, the file twice in it; 4,096 by default. */
  memoryMb?: number;
  signal?: AbortSignal;
};

const MOST_ANSWER_BYTES = 2 ** 26;
/** Processor time of one second: Node's own threads work beside the table's. */
const CPU_PER_SECOND = 2;
const START_CPU_SECONDS = 20;
const SAID_BYTES = 2 ** 16;

/**
 * Describes a stranger's table, and sketches its rows under each of the keys, in a process of its own: no files but the program's, no network, capped memory. Where
 * the bytes end that process by what they ask for, the table is refused and this process goes on.
 *
 * @throws EngineError as `profileTable`, TOO_LARGE where it takes more memory than it may; NeuroError TIMEOUT, INTERNAL; the signal's reason once aborted
 */
export async function describeSafely(parameters: DescribeLimits & { table: Uint8Array; sketchKeys?: readonly Uint8Array[]; /** As large tables are described. */ streamed?: boolean }): Promise<TableFacts> {
  const { table, sketchKeys = [], streamed = false, timeoutMs, heapMb = 3_072, memoryMb = 4_096, signal } = parameters;
  signal?.throwIfAborted();
  const question: TableQuestion = { sketchKeys: sketchKeys.map((key) => Buffer.from(key).toString('hex')), streamed };
  const ended = await runChild({ heapMb, memoryMb, timeoutMs, ...(signal ? { signal } : {}), head: Buffer.from(JSON.stringify(question)), table });
  if (ended.outgrown || /heap out of memory|allocation failed/i.test(ended.said)) throw tooLarge(memoryMb);
  const answer = ended.code === 0 ? readAnswer(ended.output) : undefined;
  if (!answer) throw new NeuroError('The process that describes tables died.', { code: 'INTERNAL', retryable: true, details: `${ended.code ?? 'killed'}: ${ended.said.slice(-300)}`, remedy: 'Try again.' });
  if (answer.type === 'refused') throw new EngineError(answer.code, answer.message);
  return answer.facts;
}

function tooLarge(memoryMb: number): EngineError {
  return new EngineError('TOO_LARGE', `Describing the table takes more than ${memoryMb} MiB of memory: split it into several tables.`);
}

type Ended = { code: number | null; output: Buffer; said: string; /** It had more memory than it may have. */ outgrown: boolean };

async function runChild(parameters: { heapMb: number; memoryMb: number; timeoutMs: number; signal?: AbortSignal; head: Buffer; table: Uint8Array }): Promise<Ended> {
  const { heapMb, memoryMb, timeoutMs, signal, head, table } = parameters;
  const [command, ...words] = sandboxCommand({ heapMb, cpuSeconds: (timeoutMs / 1000) * CPU_PER_SECOND + START_CPU_SECONDS, folders: [import.meta.dirname] });
  const child = spawn(command, [...words, path.join(import.meta.dirname, 'child.ts')], { env: {}, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'pipe'] });
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const output = collect(child.stdout, MOST_ANSWER_BYTES, () => child.kill('SIGKILL'));
  const said = collect(child.stderr, SAID_BYTES, () => undefined);
  const memory = watchMemory(child, memoryMb);
  const timer = setTimeout(() => reject(new NeuroError(`The table was not described within ${timeoutMs} ms.`, { code: 'TIMEOUT', retryable: true, remedy: 'Try again when there is more time.' })), timeoutMs);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  child.on('error', (cause) => reject(new NeuroError('The process that describes tables did not start.', { code: 'INTERNAL', retryable: true, cause })));
  child.on('close', (code) => resolve({ code, output: Buffer.concat(output), said: Buffer.concat(said).toString('utf8'), outgrown: memory.outgrown() }));
  // It may end before it has read everything: its exit says why.
  child.stdin.on('error', () => undefined);
  child.stdin.write(framed(head));
  child.stdin.end(table);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    memory.stop();
    signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
  }
}

function framed(head: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head]);
}

function collect(source: NodeJS.ReadableStream, most: number, onExcess: () => void): Buffer[] {
  const pieces: Buffer[] = [];
  let length = 0;
  source.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= most) pieces.push(piece);
    else onExcess();
  });
  return pieces;
}

function readAnswer(bytes: Buffer): TableAnswer | undefined {
  try {
    // The child is this program's own; bytes that are cut off are no JSON.
    return JSON.parse(bytes.toString('utf8')) as TableAnswer;
  } catch {
    return undefined;
  }
}
