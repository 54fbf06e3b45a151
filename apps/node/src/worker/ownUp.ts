import type { Canary } from '@neurodata/protocol';
import { counterTreeOf, revealCanary } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { hasContested } from '../duty/hasContested.ts';
import { readJob } from '../duty/readJob.ts';
import type { WorkerSetup } from './setup.ts';

/** What this worker keeps of a job's receipt, where that was wrong on purpose. One of an earlier receipt, never handed in, is none. */
export async function findCanary({ canaries }: Pick<WorkerSetup, 'canaries'>, job: { jobId: Hex; receiptDigest: Hex }): Promise<Canary | undefined> {
  const canary = await canaries?.store.find(job.jobId);
  return canary?.receiptDigest === job.receiptDigest ? canary : undefined;
}

/**
 * Owns up to a canary once its verdict is there: rejected, the rest of the bond comes back; accepted, a challenge opens,
 * which the watch over challenges plays. Once for a job.
 */
export async function ownUp(setup: WorkerSetup, canary: Canary): Promise<void> {
  const { client, log } = setup;
  const { jobId, digests, salt } = canary;
  if (await hasContested(setup, jobId)) return;
  const { checkpoints } = await readJob(client, jobId);
  const { root } = counterTreeOf({ digests, count: checkpoints });
  const { challengeId, hash } = await revealCanary({ client, jobId, counterRoot: root, salt });
  log.warn({ jobId, challengeId, hash }, challengeId === undefined ? 'owned up to a canary that validators caught' : 'owned up to a canary that validators accepted');
}
