import { type CheckOptions, MOST_MODEL_BYTES, refusedReport as refused } from '@neurodata/engine/evaluate';
import { type ModelReport, NeuroError, modelReportSchema } from '@neurodata/protocol';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { writeFrames } from './frames.ts';
import { sandboxCommand } from './sandboxCommand.ts';

export type CheckLimits = {
  /** Wall clock for the whole test; 60 s by default. */
  timeoutMs?: number;
  /** Of WebAssembly, where the model lives; 1,024 by default. JavaScript has half of it. */
  memoryMb?: number;
  signal?: AbortSignal;
};
export type CheckModelParameters = CheckOptions & CheckLimits & {
  onnx: Uint8Array;
  /** A CSV table with the target, where there is one. */
  table?: Uint8Array;
};

const MOST_REPORT_BYTES = 2 ** 20;
/** Processor time of one second: Node's own threads work beside the model. */
const CPU_PER_SECOND = 2;
const START_CPU_SECONDS = 20;

/**
 * Tests a stranger's ONNX model in a process of its own: no files but the program's, no network, capped memory, ended when
 * its time is up. The report says what the model is, what was measured on the table, and how that compares with the claims;
 * or why the model is refused.
 *
 * @throws NeuroError INTERNAL where the process could not be started; the signal's reason once aborted
 */
export async function checkModel(parameters: CheckModelParameters): Promise<ModelReport> {
  const { onnx, table = new Uint8Array(), target, features, inputs, tolerance, claims, timeoutMs = 60_000, memoryMb = 1_024, signal } = parameters;
  signal?.throwIfAborted();
  if (onnx.length > MOST_MODEL_BYTES) return refused('TOO_LARGE', `The model has ${onnx.length} bytes; at most ${MOST_MODEL_BYTES} are tested.`);
  const [command, ...words] = sandboxCommand({ heapMb: Math.ceil(memoryMb / 2), folders: [], cpuSeconds: (timeoutMs / 1000) * CPU_PER_SECOND + START_CPU_SECONDS });
  const child = spawn(command, [...words, path.join(import.meta.dirname, 'child.ts')], { env: {}, cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'pipe'] });
  const { promise, resolve, reject } = Promise.withResolvers<ModelReport>();
  const output: Buffer[] = [];
  const said: Buffer[] = [];
  const end = (report: ModelReport): void => {
    child.kill('SIGKILL');
    resolve(report);
  };
  const timer = setTimeout(() => end(refused('TIMEOUT', `The test did not end within ${timeoutMs} ms.`)), timeoutMs);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  child.stdout.on('data', (piece: Buffer) => {
    output.push(piece);
    if (output.reduce((sum, { length }) => sum + length, 0) > MOST_REPORT_BYTES) end(refused('FAILED', 'The report is too long.'));
  });
  child.stderr.on('data', (piece: Buffer) => {
    if (said.length < 16) said.push(piece);
  });
  child.on('error', (cause) => reject(new NeuroError('The process that tests models did not start.', { code: 'INTERNAL', retryable: true, cause })));
  child.on('close', (code) => resolve(code === 0 ? readReport(Buffer.concat(output)) : refused('FAILED', `The process that tested it ended (${code ?? 'killed'}): ${lastWords(said)}`)));
  // It may end before it has read everything: its exit says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(writeFrames([new TextEncoder().encode(JSON.stringify({ target, features, inputs, tolerance, claims, memoryMb })), onnx, table]));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
  }
}

function readReport(bytes: Buffer): ModelReport {
  try {
    return modelReportSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return refused('FAILED', 'The process that tested it gave no report.');
  }
}

function lastWords(said: readonly Buffer[]): string {
  const lines = Buffer.concat(said).toString('utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return (lines.find((line) => /error|memory/i.test(line)) ?? lines.at(-1) ?? 'it said nothing').slice(0, 300);
}
