import { NeuroError } from '@neurodata/protocol';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sandboxCommand } from '../modelCheck/sandboxCommand.ts';
import { watchMemory } from '../tableCheck/watchMemory.ts';

export type LockedQuestion = { file: string; memoryMb: number; threads: number; temporary: string };
type AskParameters<Answer> = {
  /** The process's entry: it reads the question as JSON from stdin and says lines of JSON. */
  script: string;
  question: LockedQuestion;
  /** Files that it makes, besides what it spills. */
  writes?: readonly string[];
  /** Of the process, for errors: "profiles tables". */
  what: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Answers that are not the last. */
  onProgress?: (answer: Answer) => void;
};

/**
 * Asks a question of a DuckDB in a process of its own, which reads one file: no network, no extension, capped memory, disk and time. Where the file ends that process,
 * this one goes on. The last answer is the one whose type is not `progress`.
 *
 * @throws NeuroError TOO_LARGE, TIMEOUT, INTERNAL; the signal's reason once aborted
 */
export async function askLocked<Answer extends { type: string }>(parameters: AskParameters<Answer>): Promise<Answer> {
  const { script, question, writes = [], what, timeoutMs, signal, onProgress } = parameters;
  const [command, ...words] = sandboxCommand({ heapMb: 512, cpuSeconds: (timeoutMs / 1000) * (question.threads + 1), folders: [import.meta.dirname, path.dirname(script)] });
  // DuckDB is native code: Node's permissions bind the rest of the process, DuckDB's own settings bind it.
  const allowed = ['--allow-addons', `--allow-fs-read=${question.file}`, `--allow-fs-read=${question.temporary}`, ...[question.temporary, ...writes].map((place) => `--allow-fs-write=${place}`)];
  const child = spawn(command, [...words, ...allowed, script], { env: {}, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'pipe'] });
  const most = Math.ceil(question.memoryMb * 1.5) + 512;
  const memory = watchMemory(child, most);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    if (said.length < 4_096) said += piece.toString('utf8');
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    if (answer.type === 'progress') onProgress?.(answer);
    else resolve(answer);
  });
  child.on('error', (cause) => reject(new NeuroError(`The process that ${what} did not start.`, { code: 'INTERNAL', retryable: true, cause })));
  child.on('close', (code, killed) => reject(memory.outgrown()
    ? new NeuroError(`It takes more than ${most} MiB of memory.`, { code: 'TOO_LARGE', remedy: 'Give it more with --memory, or less to do.' })
    : new NeuroError(`The process that ${what} died (${code ?? killed ?? 'unknown'}); the file is untouched.`, { code: 'INTERNAL', retryable: true, remedy: 'Try again.', details: said.slice(-500) })));
  const timer = setTimeout(() => reject(new NeuroError(`No answer came within ${timeoutMs} ms.`, { code: 'TIMEOUT', retryable: true, remedy: 'Try again with more time.' })), timeoutMs);
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
