import { NeuroError, marketAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import { authorizePayment } from './authorizePayment.ts';
import type { NeuroClient } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { buyCall, buyWithPermitCall } from './marketCalls.ts';
import { planPurchase } from './planPurchase.ts';

export type BuyLicenseParameters = {
  client: NeuroClient;
  listingId: number;
  /** The newest live version that the listing covers, by default. */
  version?: number;
  /** Base units of the listing's token, NCR for most; the listing's price by default. */
  maxPrice?: bigint;
};
export type BuyLicenseResult = { orderId: Hex; assetId: number; version: number; price: bigint; recipientKey: Hex; hash: Hex; gasUsed: bigint };

/**
 * Buys a download licence: one signature, one transaction. The money waits in escrow; validators now grant the key to
 * a fresh identity, which was stored before. Throws `CONFLICT` over `maxPrice`, `NO_FUNDS` and `REVERTED`.
 *
 * @example const { orderId } = await buyLicense({ client, listingId: 3 });
 */
export async function buyLicense(parameters: BuyLicenseParameters): Promise<BuyLicenseResult> {
  const { client, listingId } = parameters;
  const { listing, ...plan } = await planPurchase(parameters);
  const { version } = plan;
  const market = client.config.deployment.addresses.market;
  const permit = await authorizePayment({ client, token: listing.token, spender: market, value: listing.price });
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, listing ${listingId}`);
  const purchase = { config: client.config, listingId, recipientKey, ...plan };
  const sent = permit.deadline === 0n ? await client.send(buyCall(purchase)) : await client.send(buyWithPermitCall({ ...purchase, permit }));
  const [opened] = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The market opened no order.', { code: 'INTERNAL', details: sent.hash });
  return { orderId: opened.args.orderId, assetId: listing.assetId, version, price: opened.args.price, recipientKey, hash: sent.hash, gasUsed: sent.gasUsed };
}
