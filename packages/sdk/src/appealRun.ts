import { challengesAbi, formatNcr } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { type ChallengeRunResult, openedBy, permitBond } from './challengeRun.ts';
import type { NeuroClient } from './createClient.ts';

/** Asks a fresh committee about a rejected receipt, as its worker, against a bond. Throws `REVERTED`, `NO_FUNDS`. */
export async function appealRun(parameters: { client: NeuroClient; jobId: Hex }): Promise<ChallengeRunResult> {
  const { client, jobId } = parameters;
  const { bond, permit } = await permitBond(client);
  const { challenges } = client.config.deployment.addresses;
  const sent = await client.send({
    address: challenges, abi: challengesAbi, functionName: 'appeal', args: [jobId, permit], sentence: `Appeal against the verdict on job ${jobId} with a bond of ${formatNcr(bond)} NCR`,
  });
  return openedBy(sent, bond);
}
