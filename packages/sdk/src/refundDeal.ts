import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** The seller gives a milestone, or part of it, back to the buyer: `amount` base units of the deal's token. Throws `REVERTED`. */
export function refundDeal(parameters: { client: NeuroClient; dealId: Hex; index: number; amount: bigint }): Promise<Sent> {
  const { client, dealId, index, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'refund', args: [dealId, index, amount], sentence: `Refund milestone ${index + 1}` });
}
