/** Entry of a member's thread in Node. */
import { parentPort, workerData } from 'node:worker_threads';
import { type MemberSetup, memberReady } from './memberMessage.ts';
import { serveMember } from './serveMember.ts';

// Only startNodeMember starts this thread, with exactly this type.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
await serveMember(workerData as MemberSetup, () => parentPort?.postMessage(memberReady));
