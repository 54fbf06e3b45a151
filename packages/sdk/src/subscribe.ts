import { NeuroError, formatNcr, subscriptionsAbi } from '@neurodata/protocol';
import { type Hex, isAddressEqual, parseEventLogs } from 'viem';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { chooseVersion, readListing } from './readListing.ts';
import { type PermitInput, noPermit, signPermit } from './signPermit.ts';

export type SubscribeParameters = {
  client: NeuroClient;
  listingId: number;
  /** What the first key is asked of; the newest live version that the listing covers, by default. */
  version?: number;
  /** Paid ahead, 1 to 120; 1 by default. What is unused comes back on cancelling. */
  periods?: number;
  /** Base units for all periods together; what the listing asks, by default. */
  maxTotal?: bigint;
};
export type SubscribeResult = { subscriptionId: Hex; assetId: number; version: number; total: bigint; paidUntil: number; recipientKey: Hex; hash: Hex; gasUsed: bigint };

/**
 * Pays for periods of a subscription and asks for the key of a version, for a fresh identity that was stored before: one
 * signature and one transaction in NCR. `total` in base units of the listing's token, `paidUntil` in Unix seconds.
 * Throws `BAD_INPUT` where the listing is none, `CONFLICT` over `maxTotal`, `NO_FUNDS` and `REVERTED`.
 *
 * @example const { subscriptionId } = await subscribe({ client, listingId: 5, periods: 3 });
 */
export async function subscribe(parameters: SubscribeParameters): Promise<SubscribeResult> {
  const { client, listingId, periods = 1 } = parameters;
  const listing = await readListing({ client, listingId });
  if (listing.kind !== 'subscription') throw new NeuroError(`Listing ${listingId} is no subscription.`, { code: 'BAD_INPUT', remedy: 'Buy it, or choose a subscription.' });
  const total = listing.price * BigInt(periods);
  const { maxTotal = total } = parameters;
  if (total > maxTotal) throw new NeuroError(`${periods} periods of listing ${listingId} cost more than you agreed to.`, { code: 'CONFLICT', remedy: 'Look at the listing again and confirm the price.' });
  const version = await chooseVersion({ client, listing, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const permit = await allowance(client, listing.token, total);
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, subscription to listing ${listingId}`);
  const sent = await client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'subscribe', args: [listingId, version, periods, maxTotal, recipientKey, permit],
    sentence: `Subscribe to listing ${listingId} for ${periods} periods${isNcr(client, listing.token) ? `, ${formatNcr(total)} NCR` : ''}`,
  });
  const [taken] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'Subscribed', logs: sent.receipt.logs });
  if (!taken) throw new NeuroError('No subscription was taken.', { code: 'INTERNAL', details: sent.hash });
  const { subscriptionId, paidUntil } = taken.args;
  return { subscriptionId, assetId: listing.assetId, version, total, paidUntil, recipientKey, hash: sent.hash, gasUsed: sent.gasUsed };
}

export const isNcr = (client: NeuroClient, token: Hex): boolean => isAddressEqual(token, client.config.deployment.addresses.neuroCoin);

/** A permit of NCR where the standing allowance does not suffice; other tokens are approved beforehand. */
export async function allowance(client: NeuroClient, token: Hex, value: bigint): Promise<PermitInput> {
  const spender = client.config.deployment.addresses.subscriptions;
  if (isNcr(client, token)) return signPermit({ client, spender, value });
  await approveCoin({ client, spender, amount: value, token });
  return noPermit;
}
