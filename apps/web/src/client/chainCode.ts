/** The largest part of what `verbs.ts` stands on: a chunk of its own, so that it is read and run in a task of its own. */
export { createClient } from '@neurodata/sdk';
export { privateKeyToAccount } from 'viem/accounts';
