import { subscriptionsAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Ends the renewals of these accounts' subscriptions to a listing that was withdrawn; anybody may. Throws `REVERTED`. */
export function closePlan(parameters: { client: NeuroClient; listingId: number; accounts: Address[] }): Promise<Sent> {
  const { client, listingId, accounts } = parameters;
  return client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'closePlan', args: [listingId, accounts],
    sentence: `Close ${accounts.length} subscriptions to listing ${listingId} to renewals`,
  });
}
