import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Offers to end a deal with `toSeller` base units of what is left for the seller, or takes the same offer of the other party. Throws `REVERTED`. */
export function cancelDeal(parameters: { client: NeuroClient; dealId: Hex; toSeller: bigint }): Promise<Sent> {
  const { client, dealId, toSeller } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'cancel', args: [dealId, toSeller], sentence: `Cancel deal ${dealId}` });
}
