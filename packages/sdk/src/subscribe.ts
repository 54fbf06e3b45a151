import { NeuroError, type Purpose, subscriptionsAbi } from '@neurodata/protocol';
import { type Address, type Hex, parseEventLogs } from 'viem';
import { approveCoin } from './approveCoin.ts';
import { authorizePayment } from './authorizePayment.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { chooseVersion, readListing } from './readListing.ts';
import { readAdmitted } from './readPolicy.ts';
import { subscriptionIdOf } from './readSubscription.ts';
import { deliverPurpose, signPurpose } from './statePurpose.ts';
import { toNeuroError } from './errors.ts';
import { readTokenBalance } from './readTokenBalance.ts';
import { type PermitInput, noPermit, signPermit } from './signPermit.ts';
import { describeAmount, isNcr } from './tokenAmounts.ts';

export type SubscribeParameters = {
  client: NeuroClient;
  listingId: number;
  /** What the first key is asked of; the newest live version that the listing covers, by default. */
  version?: number;
  /** Paid ahead, 1 to 120; 1 by default. What is unused comes back on cancelling. */
  periods?: number;
  /** Base units for all periods together; what the listing asks, by default. */
  maxTotal?: bigint;
  /** What it is for: asked for where the publisher has set limits. It holds for later versions under the same terms too. */
  purpose?: Purpose;
};
export type SubscribeResult = { subscriptionId: Hex; assetId: number; version: number; total: bigint; paidUntil: number; recipientKey: Hex; hash: Hex; gasUsed: bigint; /** Why too few validators know the purpose yet: `statePurpose` gives it to them again. */ purposeProblem?: NeuroError };

/**
 * Pays for periods of a subscription and asks for the key of a version, for a fresh identity that was stored before: one
 * signature and one transaction, and one more first for a token that takes no permit. `total` in base units of the listing's token, `paidUntil` in Unix seconds.
 * Throws `BAD_INPUT` where the listing is none, `CONFLICT` over `maxTotal` or where the terms do not admit the purpose, `NO_FUNDS` and `REVERTED`.
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
  const { purpose } = parameters;
  const terms = await readAdmitted({ client, assetId: listing.assetId, version, purpose });
  const promise = purpose && terms?.limits ? await signPurpose({ client, terms, purpose, proofId: subscriptionIdOf(listingId, accountOf(client).address) }) : undefined;
  const { subscriptions } = client.config.deployment.addresses;
  const permit = await authorizePayment({ client, token: listing.token, spender: subscriptions, value: total });
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, subscription to listing ${listingId}`);
  const sent = await client.send({
    address: subscriptions, abi: subscriptionsAbi, functionName: 'subscribe', args: [listingId, version, periods, maxTotal, recipientKey, permit],
    sentence: `Subscribe to listing ${listingId} for ${periods} periods, ${await describeAmount({ client, token: listing.token, amount: total })}`,
  });
  const [taken] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'Subscribed', logs: sent.receipt.logs });
  if (!taken) throw new NeuroError('No subscription was taken.', { code: 'INTERNAL', details: sent.hash });
  const { subscriptionId, paidUntil } = taken.args;
  const purposeProblem = promise && terms && (await deliverPurpose({ client, terms, signed: promise }).then(() => undefined, toNeuroError));
  return { ...(purposeProblem ? { purposeProblem } : {}), subscriptionId, assetId: listing.assetId, version, total, paidUntil, recipientKey, hash: sent.hash, gasUsed: sent.gasUsed };
}

/**
 * Lets the contract take the price of a renewal, which takes a permit of NCR only: other tokens are approved beforehand.
 * Throws `NO_FUNDS` where the account holds less.
 */
export async function allowRenewal(client: NeuroClient, token: Address, value: bigint): Promise<PermitInput> {
  const spender = client.config.deployment.addresses.subscriptions;
  if (isNcr(client, token)) return signPermit({ client, spender, value });
  const held = await readTokenBalance({ client, token, account: accountOf(client).address });
  if (held < value) {
    const [asked, has] = await Promise.all([value, held].map((amount) => describeAmount({ client, token, amount })));
    throw new NeuroError(`This costs ${asked}, and the account holds ${has}.`, { code: 'NO_FUNDS', remedy: 'Add what is missing and try again.', details: accountOf(client).address });
  }
  await approveCoin({ client, spender, amount: value, token });
  return noPermit;
}
