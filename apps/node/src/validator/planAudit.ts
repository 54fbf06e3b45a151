import { drawSegments } from '@neurodata/engine';
import type { DrawnSegments } from '@neurodata/engine';
import type { JobSpec } from '@neurodata/protocol';
import { numberToHex } from 'viem';
import type { Hex } from 'viem';
import type { Job } from '../duty/readJob.ts';
import type { ValidatorSetup } from './setup.ts';

/** Which steps of a run its judges re-execute, and the seed that drew them. */
export type AuditPlan = DrawnSegments & { seed: Hex };

/**
 * What everybody who judges a run re-executes, from public facts alone: all of a run of fewer than 1,000 checkpoints, or
 * whose metrics follow from several fits; else the segments that the lot of the job's own round draws. Referees of an
 * appeal or of a step look at those too, so that honest members never differ over what chance showed to some of them.
 * Contracts know the same draw (`Segments.sol`): what it leaves out costs nobody stake who accepted.
 */
export async function planAudit(setup: Pick<ValidatorSetup, 'client' | 'contracts'>, job: Pick<Job, 'roundId' | 'checkpoints'>, { train }: Pick<JobSpec, 'train'>): Promise<AuditPlan> {
  const { client, contracts } = setup;
  const lot = await client.publicClient.readContract({ ...contracts.validators, functionName: 'lotOf', args: [job.roundId] });
  const seed = numberToHex(lot, { size: 32 });
  const inParts = train.search === undefined && train.validation === undefined;
  return { seed, ...drawSegments({ seed, checkpoints: job.checkpoints, ...(inParts ? {} : { count: job.checkpoints }) }) };
}
