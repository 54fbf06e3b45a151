import { type MilestoneState, milestoneEscrowAbi, milestoneStates } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';

/** A deal as the chain has it: amounts in base units of `token`, windows in seconds, `until` in unix seconds (0 while jurors decide). */
export type DealFacts = {
  dealId: Hex; buyer: Address; seller: Address; arbiter: Address; token: Address; left: bigint; reviewWindow: number; arbitrationWindow: number;
  milestones: { left: bigint; until: number; state: MilestoneState }[];
};

/** Reads a deal from the chain. Throws `REVERTED` where there is none. */
export async function readDeal(parameters: { client: NeuroClient; dealId: Hex }): Promise<DealFacts> {
  const { client, dealId } = parameters;
  const escrow = { address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi } as const;
  const deal = await client.publicClient.readContract({ ...escrow, functionName: 'deal', args: [dealId] });
  const parts = await Promise.all(Array.from({ length: deal.milestones }, (_, index) => client.publicClient.readContract({ ...escrow, functionName: 'milestone', args: [dealId, index] })));
  const { buyer, seller, arbiter, token, left, reviewWindow, arbitrationWindow } = deal;
  return { dealId, buyer, seller, arbiter, token, left, reviewWindow, arbitrationWindow, milestones: parts.map((part) => ({ left: part.left, until: part.until, state: milestoneStates[part.state] ?? 'none' })) };
}
