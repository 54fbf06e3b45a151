import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** The seller says that a milestone is done, by its deadline; `digest` is what was delivered. Throws `REVERTED`. */
export function deliverMilestone(parameters: { client: NeuroClient; dealId: Hex; index: number; digest: Hex }): Promise<Sent> {
  const { client, dealId, index, digest } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'deliver', args: [dealId, index, digest], sentence: `Deliver milestone ${index + 1}` });
}
