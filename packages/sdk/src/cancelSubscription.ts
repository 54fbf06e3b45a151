import { NeuroError, subscriptionsAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';

/**
 * Ends the account's subscription now; what is unused becomes a credit that `withdrawCredits` pays out. The period in
 * which a key was granted is not returned, so while validators may still answer a request it throws `REVERTED` with the
 * time to wait for. `refunded` in base units of the listing's token, `paidUntil` in Unix seconds.
 */
export async function cancelSubscription(parameters: { client: NeuroClient; subscriptionId: Hex }): Promise<{ refunded: bigint; paidUntil: number; hash: Hex; gasUsed: bigint }> {
  const { client, subscriptionId } = parameters;
  const sent = await client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'cancel', args: [subscriptionId], sentence: `Cancel subscription ${subscriptionId}`,
  });
  const [cancelled] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'SubscriptionCancelled', logs: sent.receipt.logs });
  if (!cancelled) throw new NeuroError('Nothing was cancelled.', { code: 'INTERNAL', details: sent.hash });
  return { refunded: cancelled.args.refunded, paidUntil: cancelled.args.paidUntil, hash: sent.hash, gasUsed: sent.gasUsed };
}
