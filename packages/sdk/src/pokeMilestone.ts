import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Moves the money of a milestone whose time is over to where it belongs; anybody may. Throws `REVERTED`. */
export function pokeMilestone(parameters: { client: NeuroClient; dealId: Hex; index: number }): Promise<Sent> {
  const { client, dealId, index } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'poke', args: [dealId, index], sentence: `Settle milestone ${index + 1}` });
}
