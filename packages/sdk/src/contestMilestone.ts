import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** The buyer says, within the review window, that a delivery is not what was agreed. Throws `REVERTED`. */
export function contestMilestone(parameters: { client: NeuroClient; dealId: Hex; index: number }): Promise<Sent> {
  const { client, dealId, index } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'contest', args: [dealId, index], sentence: `Contest milestone ${index + 1}` });
}
