import { NeuroError, formatNcr, marketAbi } from '@neurodata/protocol';
import { type Hex, isAddressEqual, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { chooseVersion, readListing } from './readListing.ts';

export type BatchBuyParameters = {
  client: NeuroClient;
  /** Download listings in NCR; `version` is the newest live one that the listing covers, by default. */
  purchases: readonly { listingId: number; version?: number }[];
  /** Base units of NCR for all of them together; what they cost now by default. */
  maxTotal?: bigint;
};
export type BatchBuyResult = { orders: { orderId: Hex; listingId: number; version: number; price: bigint }[]; total: bigint; hash: Hex; gasUsed: bigint };

/**
 * Buys several licences in one transaction with one payment, out of a standing allowance. All of them or none.
 * Throws `CONFLICT` over `maxTotal`, `BAD_INPUT` for listings in other tokens, `NO_FUNDS` and `REVERTED`.
 *
 * @example const { orders } = await batchBuy({ client, purchases: [{ listingId: 3 }, { listingId: 5 }] });
 */
export async function batchBuy(parameters: BatchBuyParameters): Promise<BatchBuyResult> {
  const { client } = parameters;
  const { market, neuroCoin } = client.config.deployment.addresses;
  const wanted: { listingId: number; version: number; maxPrice: bigint; recipientKey: Hex }[] = [];
  for (const { listingId, version: asked } of parameters.purchases) {
    const listing = await readListing({ client, listingId });
    if (!isAddressEqual(listing.token, neuroCoin)) throw new NeuroError(`Listing ${listingId} is priced in another token.`, { code: 'BAD_INPUT', remedy: 'Buy it by itself.', details: listing.token });
    const version = await chooseVersion({ client, listing, ...(asked === undefined ? {} : { version: asked }) });
    const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, listing ${listingId}`);
    wanted.push({ listingId, version, maxPrice: listing.price, recipientKey });
  }
  const total = wanted.reduce((sum, { maxPrice }) => sum + maxPrice, 0n);
  if (parameters.maxTotal !== undefined && total > parameters.maxTotal) {
    throw new NeuroError(`These licences cost ${formatNcr(total)} NCR, more than the ${formatNcr(parameters.maxTotal)} NCR you agreed to.`, { code: 'CONFLICT', remedy: 'Look at the listings again and confirm the new sum.' });
  }
  const sent = await client.send({ address: market, abi: marketAbi, functionName: 'batchBuy', args: [wanted], sentence: `Buy ${wanted.length} licences for ${formatNcr(total)} NCR` });
  const orders = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: sent.receipt.logs }).map(({ args: { orderId, listingId, version, price } }) => ({ orderId, listingId, version, price }));
  return { orders, total, hash: sent.hash, gasUsed: sent.gasUsed };
}
