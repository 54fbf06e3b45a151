import { NeuroError, type Purpose, type SignedPurpose, formatNcr, marketAbi } from '@neurodata/protocol';
import { type Hex, isAddressEqual, parseEventLogs } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { freshIdentity } from './freshIdentity.ts';
import { orderIdOf } from './orderIdOf.ts';
import { chooseVersion, readListing } from './readListing.ts';
import { type VersionPolicy, readAdmitted } from './readPolicy.ts';
import { deliverPurpose, signPurpose } from './statePurpose.ts';

export type BatchBuyParameters = {
  client: NeuroClient;
  /** Download listings in NCR; `version` is the newest live one that the listing covers, by default. */
  purchases: readonly { listingId: number; version?: number }[];
  /** Base units of NCR for all of them together; what they cost now by default. */
  maxTotal?: bigint;
  /** What all of them are for: asked for where a publisher has set limits, and signed for each of those. */
  purpose?: Purpose;
};
export type BatchBuyResult = { orders: { orderId: Hex; listingId: number; version: number; price: bigint; /** As {@link buyLicense} tells it. */ purposeProblem?: NeuroError }[]; total: bigint; hash: Hex; gasUsed: bigint };

/**
 * Buys several licences in one transaction with one payment, out of a standing allowance. All of them or none.
 * Throws `CONFLICT` over `maxTotal` or where the terms of one do not admit the purpose, `BAD_INPUT` for listings in other tokens and where a purpose is needed, `NO_FUNDS` and `REVERTED`.
 *
 * @example const { orders } = await batchBuy({ client, purchases: [{ listingId: 3 }, { listingId: 5 }] });
 */
export async function batchBuy(parameters: BatchBuyParameters): Promise<BatchBuyResult> {
  const { client, purpose } = parameters;
  const { market, neuroCoin } = client.config.deployment.addresses;
  const wanted: Wanted[] = [];
  for (const { listingId, version: asked } of parameters.purchases) {
    const listing = await readListing({ client, listingId });
    if (!isAddressEqual(listing.token, neuroCoin)) throw new NeuroError(`Listing ${listingId} is priced in another token.`, { code: 'BAD_INPUT', remedy: 'Buy it by itself.', details: listing.token });
    const version = await chooseVersion({ client, listing, ...(asked === undefined ? {} : { version: asked }) });
    const terms = await readAdmitted({ client, assetId: listing.assetId, version, purpose });
    const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, listing ${listingId}`);
    wanted.push({ listingId, version, maxPrice: listing.price, recipientKey, ...(terms?.limits ? { terms } : {}) });
  }
  const total = wanted.reduce((sum, { maxPrice }) => sum + maxPrice, 0n);
  if (parameters.maxTotal !== undefined && total > parameters.maxTotal) {
    throw new NeuroError(`These licences cost ${formatNcr(total)} NCR, more than the ${formatNcr(parameters.maxTotal)} NCR you agreed to.`, { code: 'CONFLICT', remedy: 'Look at the listings again and confirm the new sum.' });
  }
  const promises = purpose ? await signAll({ client, wanted, purpose }) : [];
  const purchases = wanted.map(({ listingId, version, maxPrice, recipientKey }) => ({ listingId, version, maxPrice, recipientKey }));
  const sent = await client.send({ address: market, abi: marketAbi, functionName: 'batchBuy', args: [purchases], sentence: `Buy ${wanted.length} licences for ${formatNcr(total)} NCR` });
  // What is paid is paid: whoever cannot be told now can be told later.
  const problems = new Map(await Promise.all(promises.map(async ({ terms, signed }) => [signed.statement.proofId, await deliverPurpose({ client, terms, signed }).then(() => undefined, toNeuroError)] as const)));
  const orders = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: sent.receipt.logs }).map(({ args: { orderId, listingId, version, price } }) => {
    const purposeProblem = problems.get(orderId);
    return { orderId, listingId, version, price, ...(purposeProblem ? { purposeProblem } : {}) };
  });
  return { orders, total, hash: sent.hash, gasUsed: sent.gasUsed };
}

type Wanted = { listingId: number; version: number; maxPrice: bigint; recipientKey: Hex; /** Of what has limits. */ terms?: VersionPolicy };

/** One promise for each order of what has limits: it opens that order alone. */
async function signAll({ client, wanted, purpose }: { client: NeuroClient; wanted: readonly Wanted[]; purpose: Purpose }): Promise<{ terms: VersionPolicy; signed: SignedPurpose }[]> {
  const promises: { terms: VersionPolicy; signed: SignedPurpose }[] = [];
  for (const { terms, listingId, version, recipientKey } of wanted) {
    if (!terms) continue;
    const proofId = await orderIdOf({ client, account: accountOf(client).address, listingId, version, recipientKey });
    promises.push({ terms, signed: await signPurpose({ client, proofId, terms, purpose }) });
  }
  return promises;
}
