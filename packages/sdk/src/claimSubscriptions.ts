import { NeuroError, subscriptionsAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { readSubscription } from './readSubscription.ts';
import type { Sent } from './send.ts';
import { type TokenSum, sumByToken } from './sumByToken.ts';

const BATCH = 50;

/**
 * Credits the sellers of subscriptions with the periods that are over, or in which a key was granted; by default of all
 * subscriptions of which the account is the seller. `toSeller` in base units of NCR, `sums` for each token;
 * `withdrawCredits` and `withdrawTokens` pay them out. Throws `CONFLICT` where there is no subscription.
 */
export async function claimSubscriptions(parameters: { client: NeuroClient; subscriptionIds?: Hex[] }): Promise<{ claimed: Hex[]; toSeller: bigint; sums: TokenSum[]; hash: Hex; gasUsed: bigint }> {
  const { client } = parameters;
  const ids = parameters.subscriptionIds ?? (await ownSales(client));
  let last: Sent | undefined;
  let gasUsed = 0n;
  const amounts: { id: Hex; amount: bigint }[] = [];
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    last = await client.send({ address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'claim', args: [batch], sentence: `Claim periods of ${batch.length} subscriptions` });
    gasUsed += last.gasUsed;
    for (const { args } of parseEventLogs({ abi: subscriptionsAbi, eventName: 'SubscriptionClaimed', logs: last.receipt.logs })) {
      amounts.push({ id: args.subscriptionId, amount: args.toSeller });
    }
  }
  if (!last) throw new NeuroError('Nobody has subscribed to what this account offers.', { code: 'CONFLICT', remedy: 'Offer a subscription, or name the subscriptions.' });
  const sums = await sumByToken({ client, amounts, tokenOf: async (subscriptionId) => (await readSubscription({ client, subscriptionId })).token });
  return { claimed: amounts.map(({ id }) => id), toSeller: sums[0]?.amount ?? 0n, sums, hash: last.hash, gasUsed };
}

async function ownSales(client: NeuroClient): Promise<Hex[]> {
  const seller = accountOf(client).address;
  const ids: Hex[] = [];
  for (let cursor: number | undefined, more = true; more;) {
    const { items, next } = await client.api.listSubscriptions({ seller, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...items.filter(({ held }) => held > 0n).map(({ subscriptionId }) => subscriptionId));
    cursor = next;
    more = cursor !== undefined;
  }
  return ids;
}
