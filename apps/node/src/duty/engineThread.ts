/** Entry of the engine's thread: one task in, progress and one answer out, then it ends. */
import { EngineError, profileCsv, readModel, thin, train } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { parentPort, workerData } from 'node:worker_threads';
import { stopMessage } from './engineTask.ts';
import type { EngineAnswer, EngineTask } from './engineTask.ts';

const PROGRESS_EVERY_MS = 200;
/** A run of thousands of steps must not tell all of them again and again. */
const MOST_POINTS = 200;

function post(answer: EngineAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(answer);
}

async function runTask(task: EngineTask): Promise<unknown> {
  if (task.kind === 'profile') return profileCsv(task.csv);
  if (task.kind === 'model') return readModel(task.model);
  let told = 0;
  const losses: number[] = [];
  let stopping = false;
  parentPort?.on('message', (message) => {
    stopping ||= message === stopMessage;
  });
  return train({
    csv: task.csv,
    spec: task.spec,
    threads: task.threads,
    startMember: startNodeMember,
    ...(task.lastStep === undefined ? {} : { lastStep: task.lastStep }),
    shouldStop: () => stopping,
    onProgress: (progress) => {
      losses.push(progress.loss);
      const now = performance.now();
      if (told !== 0 && now - told < PROGRESS_EVERY_MS) return;
      told = now;
      post({ type: 'progress', progress: { ...progress, lossCurve: thin(losses, MOST_POINTS) } });
    },
  });
}

try {
  // Only runEngineTask starts this thread, with exactly this type.
  post({ type: 'result', value: await runTask(workerData as EngineTask) });
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  post({ type: 'refused', code: error.code, message: error.message });
}
