import { Worker } from 'node:worker_threads';
import type { StartMember } from './team.ts';

/** What lives long lies in WebAssembly memory or few large arrays: room for short-lived objects beyond this only costs memory. */
const YOUNG_MB = 8;

/** Starts a member as a worker thread of Node. */
export const startNodeMember: StartMember = async (setup) => {
  const thread = new Worker(new URL('./nodeMember.ts', import.meta.url), { workerData: setup, env: {}, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  // Only now: a process that waits for nothing else would end before its thread serves.
  thread.unref();
  return { terminate: () => void thread.terminate() };
};
