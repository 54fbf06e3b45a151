import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** The deal's arbiter gives the seller `toSeller` of what is left of a contested milestone, the rest to the buyer. Throws `REVERTED`. */
export function splitMilestone(parameters: { client: NeuroClient; dealId: Hex; index: number; toSeller: bigint }): Promise<Sent> {
  const { client, dealId, index, toSeller } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'split', args: [dealId, index, toSeller], sentence: `Split milestone ${index + 1}` });
}
