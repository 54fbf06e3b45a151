/** Entry of a member's thread in Node. */
import { workerData } from 'node:worker_threads';
import { serveMember } from './serveMember.ts';

// Only startNodeMember starts this thread, with exactly this type.
serveMember(workerData as Parameters<typeof serveMember>[0]);
