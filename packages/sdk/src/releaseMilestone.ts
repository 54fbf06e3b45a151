import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** The buyer gives the seller a milestone, or part of it: `amount` base units of the deal's token. Throws `REVERTED`. */
export function releaseMilestone(parameters: { client: NeuroClient; dealId: Hex; index: number; amount: bigint }): Promise<Sent> {
  const { client, dealId, index, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'release', args: [dealId, index, amount], sentence: `Release milestone ${index + 1}` });
}
