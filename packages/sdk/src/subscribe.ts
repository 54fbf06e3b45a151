import { NeuroError, formatNcr, subscriptionsAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { chooseVersion, readListing } from './readListing.ts';

export type SubscribeParameters = {
  client: NeuroClient;
  listingId: number;
  /** What the first key is asked of; the newest live version that the listing covers, by default. */
  version?: number;
  /** Paid ahead, 1 to 120; 1 by default. What is unused comes back on cancelling. */
  periods?: number;
};
export type SubscribeResult = { subscriptionId: Hex; version: number; total: bigint; paidUntil: number; recipientKey: Hex; hash: Hex; gasUsed: bigint };

/**
 * Takes a subscription out of a standing allowance of the Subscriptions contract, and asks for the key of a version.
 * `total` in base units of the listing's token, `paidUntil` in Unix seconds. Throws `BAD_INPUT` where the listing is
 * none, `NO_FUNDS` and `REVERTED`.
 */
export async function subscribe(parameters: SubscribeParameters): Promise<SubscribeResult> {
  const { client, listingId, periods = 1 } = parameters;
  const listing = await readListing({ client, listingId });
  if (listing.kind !== 'subscription') throw new NeuroError(`Listing ${listingId} is no subscription.`, { code: 'BAD_INPUT', remedy: 'Buy it, or choose a subscription.' });
  const version = await chooseVersion({ client, listing, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const total = listing.price * BigInt(periods);
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, subscription to listing ${listingId}`);
  const sent = await client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'subscribe', args: [listingId, version, periods, total, recipientKey],
    sentence: `Subscribe to listing ${listingId} for ${periods} periods, ${formatNcr(total)}`,
  });
  const [taken] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'Subscribed', logs: sent.receipt.logs });
  if (!taken) throw new NeuroError('No subscription was taken.', { code: 'INTERNAL', details: sent.hash });
  const { subscriptionId, paidUntil } = taken.args;
  return { subscriptionId, version, total, paidUntil, recipientKey, hash: sent.hash, gasUsed: sent.gasUsed };
}
