import { NeuroError, formatNcr, marketAbi } from '@neurodata/protocol';
import { type Address, type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { chooseVersion, readListing } from './readListing.ts';

export type GiftLicenseParameters = {
  client: NeuroClient;
  listingId: number;
  version?: number;
  /** Who shall have the licence: the order is wholly theirs, so a refund goes to them too. */
  to: Address;
  /** The public key of a fresh identity whose secret `to` keeps. */
  recipientKey: Hex;
  maxPrice?: bigint;
};
export type GiftLicenseResult = { orderId: Hex; version: number; price: bigint; hash: Hex; gasUsed: bigint };

/** Buys a download licence for another account, out of a standing allowance. Throws `CONFLICT`, `NO_FUNDS`, `REVERTED`. */
export async function giftLicense(parameters: GiftLicenseParameters): Promise<GiftLicenseResult> {
  const { client, listingId, to, recipientKey } = parameters;
  const listing = await readListing({ client, listingId });
  const maxPrice = parameters.maxPrice ?? listing.price;
  if (listing.price > maxPrice) throw new NeuroError(`Listing ${listingId} costs more than you agreed to.`, { code: 'CONFLICT', remedy: 'Look at the listing again and confirm the new price.' });
  const version = await chooseVersion({ client, listing, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const sent = await client.send({
    address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'gift', args: [listingId, version, maxPrice, recipientKey, to],
    sentence: `Give listing ${listingId} (${formatNcr(listing.price)} NCR) to ${to}`,
  });
  const [opened] = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The market opened no order.', { code: 'INTERNAL', details: sent.hash });
  return { orderId: opened.args.orderId, version, price: opened.args.price, hash: sent.hash, gasUsed: sent.gasUsed };
}
