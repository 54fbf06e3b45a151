import { type CsvPart, EngineError, type EngineErrorCode, LANES, type LaneState, type StartLanes } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { Worker } from 'node:worker_threads';

export type LaneQuestion = { type: 'part'; part: CsvPart } | { type: 'state' };
export type LaneAnswer = { type: 'taken' } | { type: 'state'; state: LaneState } | { type: 'refused'; code: EngineErrorCode; message: string };

/** Parts that wait for a thread while it has one in hand: reading the file and describing it overlap, and no more is held. */
const MOST_WAITING = 1;
const HEAP_MB = 512;
/** Small, since little of a part outlives it: two threads' spare room would be more than what they hold. */
const YOUNG_MB = 16;

/** Lanes of `profileStream` in threads of their own: two processors share the work, and whoever waits for it stays free. Figures are the same to the last bit. */
export const startLaneThreads: StartLanes = async (setup) => {
  const threads = Array.from({ length: LANES }, () => startThread(new Worker(new URL('./laneThread.ts', import.meta.url), { workerData: setup, env: {}, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB } })));
  return {
    take: async (lane, part) => threads[lane]?.take(part),
    states: async () => {
      const states: LaneState[] = [];
      for (const thread of threads) states.push(await thread.state());
      return states;
    },
    stop: async () => void await Promise.all(threads.map(({ stop }) => stop())),
  };
};

function startThread(worker: Worker): { take(part: CsvPart): Promise<void>; state(): Promise<LaneState>; stop(): Promise<unknown> } {
  let waiting = 0;
  let failure: unknown;
  let wake = (): void => undefined;
  const isFull = (): boolean => waiting > MOST_WAITING && failure === undefined;
  const stated = Promise.withResolvers<LaneState>();
  // Whoever gives the next part is told, too.
  stated.promise.catch(() => undefined);
  const fail = (error: unknown): void => {
    failure ??= error;
    stated.reject(failure);
    wake();
  };
  worker.on('message', (answer: LaneAnswer) => {
    if (answer.type === 'refused') return fail(new EngineError(answer.code, answer.message));
    if (answer.type === 'state') return stated.resolve(answer.state);
    waiting -= 1;
    wake();
  });
  worker.on('error', (cause) => fail(new NeuroError('The thread that describes tables died.', { code: 'INTERNAL', retryable: true, remedy: 'Try again.', cause })));
  worker.on('exit', () => fail(new NeuroError('The thread that describes tables ended early.', { code: 'INTERNAL', retryable: true, remedy: 'Try again.' })));
  const send = (question: LaneQuestion, transfer: ArrayBuffer[] = []): void => worker.postMessage(question, transfer);
  return {
    take: async (part) => {
      while (isFull()) await new Promise<void>((resolve) => { wake = resolve; });
      if (failure !== undefined) throw failure;
      waiting += 1;
      send({ type: 'part', part }, [part.bytes.buffer]);
    },
    state: () => {
      send({ type: 'state' });
      return stated.promise;
    },
    stop: () => worker.terminate(),
  };
}
