import { Worker } from 'node:worker_threads';
import type { StartMember } from './team.ts';

/** Starts a member as a worker thread of Node. */
export const startNodeMember: StartMember = async (setup) => {
  const thread = new Worker(new URL('./nodeMember.ts', import.meta.url), { workerData: setup, env: {} });
  await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  // Only now: a process that waits for nothing else would end before its thread serves.
  thread.unref();
  return { terminate: () => void thread.terminate() };
};
