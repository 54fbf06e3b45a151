import { EngineError } from '@neurodata/engine';
import type { Checkpoint, ModelInfo, TrainResult, TrainSpec } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { Worker } from 'node:worker_threads';
import { stopMessage } from './engineTask.ts';
import type { AuditTask, Audited, CheckpointRequest, EngineAnswer, EngineTask, RunProgress } from './engineTask.ts';

/** `timeoutMs`: wall clock after which the thread is ended. */
export type ThreadLimits = { timeoutMs: number; signal?: AbortSignal };
export type TrainParameters = ThreadLimits & {
  csv: Uint8Array;
  spec: TrainSpec;
  /** Of the engine, 1 to 16; 1 by default. They change the time and no bit. */
  threads?: number;
  /** The step after which to end, to repeat a run that was cancelled there. */
  lastStep?: number;
  /** Whether to tell the work of each step, which shows that somebody made it. */
  traced?: boolean;
  /** Once aborted, training ends after the step under way, with a result. */
  stop?: AbortSignal;
  onProgress?: (progress: RunProgress) => void;
  /** Checkpoints of an earlier attempt, from which to go on; see `train` of the engine. */
  resume?: readonly Checkpoint[];
  /** Called at once with what asks the running engine for its checkpoints from a place on, so far. It rejects once the run is over. */
  onAsk?: (ask: AskCheckpoints) => void;
};
export type AskCheckpoints = (from: number) => Promise<Checkpoint[]>;
export type Train = (parameters: TrainParameters) => Promise<TrainResult>;

const HEAP_MB = 2_048;

/**
 * `train` of the engine in a thread of its own: the table comes from strangers, and training must not hold up the event
 * loop. Same result, bit for bit. The threads that it starts in turn end with it.
 *
 * @throws EngineError as the engine does; NeuroError TIMEOUT past `timeoutMs`; INTERNAL when the thread dies; the
 * signal's reason once aborted.
 */
export const trainInThread: Train = ({ csv, spec, threads = 1, lastStep, traced = false, stop, onProgress, resume, onAsk, ...limits }) => {
  const task: EngineTask = { kind: 'train', csv, spec, threads, traced, ...(lastStep === undefined ? {} : { lastStep }), ...(resume ? { resume } : {}) };
  return runTask<TrainResult>({ task, limits, ...(stop ? { stop } : {}), ...(onProgress ? { onProgress } : {}), ...(onAsk ? { onAsk } : {}) });
};

/** `replay` of the engine, as {@link trainInThread} runs `train`; without the states. */
export function replayInThread(parameters: ThreadLimits & { csv: Uint8Array; spec: TrainSpec; states: readonly Uint8Array[]; steps: number }): Promise<Checkpoint[]> {
  const { csv, spec, states, steps, ...limits } = parameters;
  return runTask<Checkpoint[]>({ task: { kind: 'replay', csv, spec, states, steps }, limits });
}

/** `auditRun` or `auditSegments` of the engine, as {@link trainInThread} runs `train`. */
export function auditInThread(task: AuditTask, limits: ThreadLimits): Promise<Audited> {
  return runTask<Audited>({ task: { kind: 'audit', ...task }, limits });
}

/** `readModel` of the engine, as {@link trainInThread} runs `train`. */
export function readModelInThread(model: Uint8Array, limits: ThreadLimits): Promise<ModelInfo> {
  return runTask<ModelInfo>({ task: { kind: 'model', model }, limits });
}

type RunTask = { task: EngineTask; limits: ThreadLimits } & Pick<TrainParameters, 'stop' | 'onProgress' | 'onAsk'>;

async function runTask<T>(parameters: RunTask): Promise<T> {
  const { task, limits, stop, onProgress, onAsk } = parameters;
  limits.signal?.throwIfAborted();
  const thread = new Worker(new URL('./engineThread.ts', import.meta.url), {
    workerData: task, env: {}, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => {
    reject(new NeuroError(`The engine did not finish within ${limits.timeoutMs} ms.`, { code: 'TIMEOUT', retryable: true, remedy: 'Allow fewer steps or more time.' }));
  }, limits.timeoutMs);
  const abort = (): void => reject(limits.signal?.reason);
  limits.signal?.addEventListener('abort', abort, { once: true });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const end = (): void => thread.postMessage(stopMessage);
  if (stop?.aborted) end();
  stop?.addEventListener('abort', end, { once: true });
  const asked = createQuestions(thread);
  onAsk?.(asked.ask);
  thread.on('message', (answer: EngineAnswer) => {
    if (answer.type === 'progress') onProgress?.(answer.progress);
    else if (answer.type === 'checkpoints') asked.answer(answer.checkpoints);
    else if (answer.type === 'refused') reject(new EngineError(answer.code, answer.message));
    // The thread answers each kind of task with its engine function's own result.
    else resolve(answer.value as T);
  });
  const died = (cause: unknown): void => reject(new NeuroError("The engine's thread died.", { code: 'INTERNAL', retryable: true, cause }));
  thread.on('error', died);
  thread.on('exit', (code) => died(new Error(`exit code ${code}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', abort);
    stop?.removeEventListener('abort', end);
    asked.end();
    await thread.terminate();
  }
}

/** The thread answers in the order in which it is asked. */
function createQuestions(thread: Worker): { ask: AskCheckpoints; answer(checkpoints: Checkpoint[]): void; end(): void } {
  const open: PromiseWithResolvers<Checkpoint[]>[] = [];
  let over = false;
  return {
    ask: async (from) => {
      if (over) throw new Error('the run is over');
      const question = Promise.withResolvers<Checkpoint[]>();
      open.push(question);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      thread.postMessage({ checkpointsFrom: from } satisfies CheckpointRequest);
      return question.promise;
    },
    answer: (checkpoints) => open.shift()?.resolve(checkpoints),
    end: () => {
      over = true;
      for (const question of open.splice(0)) question.reject(new Error('the run is over'));
    },
  };
}
