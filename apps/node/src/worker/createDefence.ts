import { counterTreeOf } from '@neurodata/sdk';
import type { ChallengeFacts } from '@neurodata/sdk';
import { isAddressEqual } from 'viem';
import { createChallengeWatch } from '../duty/createChallengeWatch.ts';
import type { Sides } from '../duty/createChallengeWatch.ts';
import type { Loop } from '../duty/createLoop.ts';
import type { Job } from '../duty/readJob.ts';
import { findCanary } from './ownUp.ts';
import type { WorkerSetup } from './setup.ts';

/** Speaks for this worker's own receipts where they are challenged; for both sides where it was wrong on purpose and says so. */
export function createDefence(setup: WorkerSetup): Loop {
  const { client, contracts, account, log } = setup;
  const sidesOf = async (challenge: ChallengeFacts, job: Job): Promise<Sides> => {
    if (!isAddressEqual(job.worker, account)) return { defends: false };
    const canary = await findCanary(setup, job);
    // A canary's receipt is not spoken for, whoever challenges it.
    if (challenge.kind !== 'canary') return { defends: canary === undefined };
    return canary ? { defends: true, counter: counterTreeOf({ digests: canary.digests, count: challenge.count }).digests } : { defends: false };
  };
  return createChallengeWatch({ client, contracts, log, turn: 2, sidesOf });
}
