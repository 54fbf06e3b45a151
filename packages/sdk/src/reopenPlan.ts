import { subscriptionsAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Lets these accounts' subscriptions be renewed again, once their listing is open and its asset not suspended; anybody may. Throws `REVERTED`. */
export function reopenPlan(parameters: { client: NeuroClient; listingId: number; accounts: Address[] }): Promise<Sent> {
  const { client, listingId, accounts } = parameters;
  return client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'reopenPlan', args: [listingId, accounts],
    sentence: `Let ${accounts.length} subscriptions to listing ${listingId} be renewed again`,
  });
}
