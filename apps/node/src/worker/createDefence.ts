import { isAddressEqual } from 'viem';
import { createChallengeWatch } from '../duty/createChallengeWatch.ts';
import type { Loop } from '../duty/createLoop.ts';
import type { WorkerSetup } from './setup.ts';

/** Speaks for this worker's own receipts where they are challenged. */
export function createDefence(setup: WorkerSetup): Loop {
  const { client, contracts, account, log } = setup;
  return createChallengeWatch({ client, contracts, log, turn: 2, sidesOf: async (challenge, job) => ({ defends: isAddressEqual(job.worker, account) && challenge.kind !== 'canary' }) });
}
