import { NeuroError, disputesAbi, milestoneEscrowAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';

/** Takes a contested milestone to the jurors and pays their fee. Throws `REVERTED`, also where there are too few jurors. */
export async function escalateMilestone(parameters: { client: NeuroClient; dealId: Hex; index: number }): Promise<{ disputeId: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, dealId, index } = parameters;
  const { milestoneEscrow: address, disputes } = client.config.deployment.addresses;
  const amount = await client.publicClient.readContract({ address: disputes, abi: disputesAbi, functionName: 'arbitrationCost', args: ['0x'] });
  await approveCoin({ client, spender: address, amount });
  const sent = await client.send({ address, abi: milestoneEscrowAbi, functionName: 'escalate', args: [dealId, index], sentence: `Take milestone ${index + 1} to the jurors` });
  const [escalated] = parseEventLogs({ abi: milestoneEscrowAbi, eventName: 'MilestoneEscalated', logs: sent.receipt.logs });
  if (!escalated) throw new NeuroError('The escrow opened no dispute.', { code: 'INTERNAL', details: sent.hash });
  return { disputeId: escalated.args.disputeId, hash: sent.hash, gasUsed: sent.gasUsed };
}
