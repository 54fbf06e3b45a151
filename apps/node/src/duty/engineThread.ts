/** Entry of the engine's thread: one task in, progress and one answer out, then it ends. */
import { EngineError, meterProgress, readModel, train } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { parentPort, workerData } from 'node:worker_threads';
import { stopMessage } from './engineTask.ts';
import type { EngineAnswer, EngineTask } from './engineTask.ts';

function post(answer: EngineAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(answer);
}

async function runTask(task: EngineTask): Promise<unknown> {
  if (task.kind === 'model') return readModel(task.model);
  let stopping = false;
  parentPort?.on('message', (message) => {
    stopping ||= message === stopMessage;
  });
  const meter = meterProgress((progress) => post({ type: 'progress', progress }));
  try {
    return await train({
      csv: task.csv,
      spec: task.spec,
      threads: task.threads,
      startMember: startNodeMember,
      ...(task.lastStep === undefined ? {} : { lastStep: task.lastStep }),
      shouldStop: () => stopping,
      onProgress: meter.onProgress,
    });
  } finally {
    meter.stop();
  }
}

try {
  // Only runEngineTask starts this thread, with exactly this type.
  post({ type: 'result', value: await runTask(workerData as EngineTask) });
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  post({ type: 'refused', code: error.code, message: error.message });
}
