import { type DisputeState, NeuroError, disputeStates, orderDisputesAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/**
 * The dispute of an order as the chain has it. `until`: unix seconds after which anybody may resolve it, undefined while
 * jurors sit. `disputeId`: its number before the jurors. Amounts in base units of NCR.
 */
export type OrderDisputeFacts = { orderId: Hex; state: DisputeState; until: number | undefined; disputeId: bigint | undefined; bySeller: boolean; cost: bigint; bond: bigint };

/** Reads the dispute of an order; throws `NOT_FOUND` where there is none. */
export async function readOrderDispute(parameters: { client: NeuroClient; orderId: Hex }): Promise<OrderDisputeFacts> {
  const { client, orderId } = parameters;
  const dispute = await client.publicClient.readContract({ address: client.config.deployment.addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'disputeOf', args: [orderId] })
    .catch((error: unknown) => { throw toNeuroError(error); });
  const state = disputeStates[dispute.state] ?? 'none';
  if (state === 'none') throw new NeuroError(`Order ${orderId} is not disputed.`, { code: 'NOT_FOUND', remedy: 'Check the id.' });
  const waits = state === 'round' || state === 'accepted' || state === 'undecided';
  const { bySeller, cost, bond } = dispute;
  return { orderId, state, until: waits ? dispute.until : undefined, disputeId: dispute.juryDispute === 0 ? undefined : BigInt(dispute.juryDispute), bySeller, cost, bond };
}
