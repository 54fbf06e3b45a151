import { NeuroError, type Purpose, marketAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import { authorizePayment } from './authorizePayment.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { freshIdentity } from './freshIdentity.ts';
import { buyCall, buyWithPermitCall } from './marketCalls.ts';
import { orderIdOf } from './orderIdOf.ts';
import { planPurchase } from './planPurchase.ts';
import { readAdmitted } from './readPolicy.ts';
import { deliverPurpose, signPurpose } from './statePurpose.ts';

export type BuyLicenseParameters = {
  client: NeuroClient;
  listingId: number;
  /** The newest live version that the listing covers, by default. */
  version?: number;
  /** Base units of the listing's token, NCR for most; the listing's price by default. */
  maxPrice?: bigint;
  /** What it is for: asked for where the publisher has set limits. */
  purpose?: Purpose;
};
export type BuyLicenseResult = { orderId: Hex; assetId: number; version: number; price: bigint; recipientKey: Hex; hash: Hex; gasUsed: bigint; /** Why too few validators know the purpose yet: `statePurpose` gives it to them again. */ purposeProblem?: NeuroError };

/**
 * Buys a download licence: one signature, one transaction. The money waits in escrow; validators now grant the key to
 * a fresh identity, which was stored before. What has limits takes one signature more, of its purpose, before anything is paid. Throws `CONFLICT`
 * over `maxPrice` or where the terms do not admit the purpose, `BAD_INPUT` where one is needed, `NO_FUNDS` and `REVERTED`.
 *
 * @example const { orderId } = await buyLicense({ client, listingId: 3 });
 */
export async function buyLicense(parameters: BuyLicenseParameters): Promise<BuyLicenseResult> {
  const { client, listingId } = parameters;
  const { listing, ...plan } = await planPurchase(parameters);
  const { version } = plan;
  const market = client.config.deployment.addresses.market;
  const { purpose } = parameters;
  const terms = await readAdmitted({ client, assetId: listing.assetId, version, purpose });
  const permit = await authorizePayment({ client, token: listing.token, spender: market, value: listing.price });
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${listing.assetId} version ${version}, listing ${listingId}`);
  const promise = purpose && terms?.limits
    ? await signPurpose({ client, terms, purpose, proofId: await orderIdOf({ client, account: accountOf(client).address, listingId, version, recipientKey }) })
    : undefined;
  const purchase = { config: client.config, listingId, recipientKey, ...plan };
  const sent = permit.deadline === 0n ? await client.send(buyCall(purchase)) : await client.send(buyWithPermitCall({ ...purchase, permit }));
  const [opened] = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The market opened no order.', { code: 'INTERNAL', details: sent.hash });
  // What is paid is paid: whoever cannot be told now can be told later.
  const purposeProblem = promise && terms && (await deliverPurpose({ client, terms, signed: promise }).then(() => undefined, toNeuroError));
  return { ...(purposeProblem ? { purposeProblem } : {}), orderId: opened.args.orderId, assetId: listing.assetId, version, price: opened.args.price, recipientKey, hash: sent.hash, gasUsed: sent.gasUsed };
}
