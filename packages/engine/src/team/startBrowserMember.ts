import { memberReady } from './memberMessage.ts';
import type { StartMember } from './team.ts';

/** Starts a member as a worker of the browser. Only a page that is isolated across origins has the shared memory for it. */
export const startBrowserMember: StartMember = async (setup) => {
  const thread = new Worker(new URL('./browserMember.ts', import.meta.url), { type: 'module', name: 'engine member' });
  await new Promise((resolve, reject) => {
    thread.addEventListener('message', ({ data }) => (data === memberReady ? resolve(data) : reject(new Error(`A thread of the engine did not start: ${String(data)}`))), { once: true });
    thread.addEventListener('error', (event) => reject(new Error(`A thread of the engine did not start: ${event.message}`)), { once: true });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    thread.postMessage(setup);
  });
  return { terminate: () => thread.terminate() };
};
