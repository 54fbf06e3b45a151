import { NeuroError, subscriptionsAbi } from '@neurodata/protocol';
import { type Hex, isAddressEqual } from 'viem';
import { coinAccessList } from './coinAccessList.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { readSubscription } from './readSubscription.ts';
import { allowRenewal } from './subscribe.ts';
import { isNcr } from './tokenAmounts.ts';

/**
 * Pays for more periods of a subscription, anybody's; 1 by default, at its price. `paidUntil` in Unix seconds, `total` in
 * base units of its token. The account's own takes the cheapest way where one period is covered by the standing
 * allowance. Throws `CONFLICT` where its renewals are closed, `NO_FUNDS` and `REVERTED`.
 */
export async function renewSubscription(parameters: { client: NeuroClient; subscriptionId: Hex; periods?: number }): Promise<{ paidUntil: number; total: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, subscriptionId, periods = 1 } = parameters;
  const { listingId, account, price, token, closed } = await readSubscription({ client, subscriptionId });
  if (closed) throw new NeuroError(`Subscription ${subscriptionId} cannot be renewed: its offer was withdrawn.`, { code: 'CONFLICT', remedy: 'It runs to its end; choose another offer of the same asset.' });
  const total = price * BigInt(periods);
  const permit = await allowRenewal(client, token, total);
  const own = accountOf(client).address;
  const { neuroCoin: coin, subscriptions } = client.config.deployment.addresses;
  const call = { address: subscriptions, abi: subscriptionsAbi, sentence: `Renew subscription ${subscriptionId} by ${periods} periods` } as const;
  const plain = periods === 1 && permit.deadline === 0n && isNcr(client, token) && isAddressEqual(account, own);
  const sent = plain
    ? await client.send({ ...call, functionName: 'renewNow', args: [BigInt(listingId)], accessList: coinAccessList({ coin, from: own, to: subscriptions }) })
    : await client.send({ ...call, functionName: 'renew', args: [subscriptionId, periods, permit] });
  const { paidUntil } = await readSubscription({ client, subscriptionId });
  return { paidUntil, total, hash: sent.hash, gasUsed: sent.gasUsed };
}
