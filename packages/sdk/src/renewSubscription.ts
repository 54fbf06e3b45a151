import { NeuroError, subscriptionsAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';

/** Pays for more periods of a subscription, anybody's. `paidUntil` in Unix seconds. Throws `NO_FUNDS` and `REVERTED`. */
export async function renewSubscription(parameters: { client: NeuroClient; subscriptionId: Hex; periods?: number }): Promise<{ paidUntil: number; hash: Hex; gasUsed: bigint }> {
  const { client, subscriptionId, periods = 1 } = parameters;
  const sent = await client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'renew', args: [subscriptionId, periods], sentence: `Renew subscription ${subscriptionId}`,
  });
  const [renewed] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'SubscriptionRenewed', logs: sent.receipt.logs });
  if (!renewed) throw new NeuroError('Nothing was renewed.', { code: 'INTERNAL', details: sent.hash });
  return { paidUntil: renewed.args.paidUntil, hash: sent.hash, gasUsed: sent.gasUsed };
}
