import { NeuroError, type Purpose, type SignedOffer, marketAbi, offerHashOf, privateOffersAbi } from '@neurodata/protocol';
import { type Hex, isAddressEqual, parseEventLogs } from 'viem';
import { authorizePayment } from './authorizePayment.ts';
import type { BuyLicenseResult } from './buyLicense.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { type OfferState, readOffer } from './readOffer.ts';
import type { Sent } from './send.ts';
import { readAdmitted } from './readPolicy.ts';
import { statePurpose } from './statePurpose.ts';
import { toNeuroError } from './errors.ts';
import { describeAmount, tokenOf } from './tokenAmounts.ts';

export type AcceptOfferResult = BuyLicenseResult & { offerHash: Hex; listingId: number };

const reasons: Record<Exclude<OfferState, 'open'>, string> = {
  accepted: 'was accepted before', cancelled: 'was cancelled by its seller', withdrawn: 'was withdrawn with all of its seller\'s', expired: 'has expired',
  'not-owner': 'is of an asset that its seller does not own', 'not-live': 'is of a version that is not live', 'not-signed': 'is not signed by its seller',
};

/**
 * Accepts an offer that was made to this account: its price goes into escrow, and from here on it is an order like any
 * other. Throws `NOT_ENTITLED` for another's, `CONFLICT` where it cannot be accepted, `WRONG_CHAIN`, `NO_FUNDS`, `REVERTED`.
 *
 * @example const { orderId } = await acceptOffer({ client, offer: parseOffer(text) });
 */
export async function acceptOffer(parameters: { client: NeuroClient; offer: SignedOffer; /** As {@link buyLicense} takes it. */ purpose?: Purpose }): Promise<AcceptOfferResult> {
  const { client, offer: signed, purpose } = parameters;
  const { offer, signature, contract } = signed;
  const offerHash = await checkAcceptable({ client, offer: signed });
  const terms = await readAdmitted({ client, assetId: offer.assetId, version: offer.version, purpose });
  const token = tokenOf(client, offer.token);
  const permit = await authorizePayment({ client, token, spender: client.config.deployment.addresses.market, value: offer.price });
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${offer.assetId} version ${offer.version}, offer ${offerHash}`);
  const sent = await client.send({
    address: contract, abi: privateOffersAbi, functionName: 'accept', args: [{ ...offer, assetId: BigInt(offer.assetId) }, recipientKey, signature, permit],
    sentence: `Accept the offer of asset ${offer.assetId} for ${await describeAmount({ client, token, amount: offer.price })}`,
  });
  const accepted = acceptedResult({ sent, signed, recipientKey });
  // Its listing, and so its order's id, was not there before.
  const purposeProblem = purpose && terms?.limits && (await statePurpose({ client, proofId: accepted.orderId, assetId: offer.assetId, version: offer.version, purpose }).then(() => undefined, toNeuroError));
  return { ...accepted, ...(purposeProblem ? { purposeProblem } : {}) };
}

/** The offer's hash, where this account may accept it now; throws as `acceptOffer`. */
export async function checkAcceptable(parameters: { client: NeuroClient; offer: SignedOffer }): Promise<Hex> {
  const { client, offer: signed } = parameters;
  const { offerHash, state } = await readOffer({ client, offer: signed });
  if (!isAddressEqual(signed.offer.buyer, accountOf(client).address)) throw new NeuroError(`This offer is for ${signed.offer.buyer}.`, { code: 'NOT_ENTITLED', remedy: 'Use that account.' });
  if (state !== 'open') throw new NeuroError(`This offer ${reasons[state]}.`, { code: 'CONFLICT', remedy: 'Ask the seller for another one.', details: offerHash });
  return offerHash;
}

/** What a transaction made of an offer. */
export function acceptedResult(parameters: { sent: Sent; signed: SignedOffer; recipientKey: Hex }): AcceptOfferResult {
  const { sent, signed, recipientKey } = parameters;
  const [opened] = parseEventLogs({ abi: marketAbi, eventName: 'OrderOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The market opened no order.', { code: 'INTERNAL', details: sent.hash });
  const { orderId, listingId, price } = opened.args;
  return { offerHash: offerHashOf(signed), orderId, listingId, assetId: signed.offer.assetId, version: signed.offer.version, price, recipientKey, hash: sent.hash, gasUsed: sent.gasUsed };
}
