import { type ListingKind, NeuroError, type Terms, encodeTerms, listingKinds, marketAbi } from '@neurodata/protocol';
import { type Address, type Hex, parseEventLogs, zeroAddress } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { isNcr } from './tokenAmounts.ts';

export type CreateListingParameters = {
  client: NeuroClient;
  assetId: number;
  firstVersion: number;
  /** 0, the default: every later version too. */
  lastVersion?: number;
  kind: ListingKind;
  /** Base units of `token`; of a subscription, for one period. */
  price: bigint;
  /** An ERC-20 that the market allows; NCR by default. Training runs are paid in NCR. */
  token?: Address;
  /** Subscriptions only, and there needed: how long one price lasts. */
  periodMinutes?: number;
  terms: Terms;
};
/** What fits 24 bits. */
const MAX_PERIOD_MINUTES = 2 ** 24 - 1;

export type CreateListingResult = { listingId: number; termsDigest: Hex; hash: Hex; gasUsed: bigint };

/** Offers an asset. The terms are stored first; their digest is bound to the listing. Throws `BAD_INPUT` or `REVERTED`. */
export async function createListing(parameters: CreateListingParameters): Promise<CreateListingResult> {
  const { client, assetId, firstVersion, lastVersion = 0, kind, price, token = zeroAddress, periodMinutes = 0, terms } = parameters;
  if (terms.kind !== kind) throw new NeuroError(`The terms are for a ${terms.kind} licence, the listing for a ${kind} licence.`, { code: 'BAD_INPUT', remedy: 'Give terms of the same kind.' });
  if ((kind === 'subscription') !== (periodMinutes > 0) || !Number.isInteger(periodMinutes) || periodMinutes > MAX_PERIOD_MINUTES) {
    throw new NeuroError('A subscription, and nothing else, has a period of 1 minute to 31 years.', { code: 'BAD_INPUT', remedy: 'Give a period to subscriptions only.' });
  }
  if (kind === 'compute' && !isNcr(client, token)) throw new NeuroError('Training runs are paid in NCR.', { code: 'BAD_INPUT', remedy: 'Leave the token out.' });
  const { bytes, digest: termsDigest } = encodeTerms(terms);
  await client.storage.addRaw(bytes).catch((error: unknown) => { throw toNeuroError(error); });
  const modelShareBps = kind === 'compute' ? terms.modelShareBps : 0;
  const input = { assetId: BigInt(assetId), firstVersion, lastVersion, kind: listingKinds.indexOf(kind), price, modelShareBps, termsDigest };
  const call = { address: client.config.deployment.addresses.market, abi: marketAbi, sentence: `Offer asset ${assetId} (${kind})` } as const;
  const sent = kind === 'subscription' || !isNcr(client, token)
    ? await client.send({ ...call, functionName: 'createListingWith', args: [input, { token: isNcr(client, token) ? zeroAddress : token, periodMinutes, splits: [] }] })
    : await client.send({ ...call, functionName: 'createListing', args: [input] });
  const [created] = parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs: sent.receipt.logs });
  if (!created) throw new NeuroError('The market made no listing.', { code: 'INTERNAL', details: sent.hash });
  return { listingId: created.args.listingId, termsDigest, hash: sent.hash, gasUsed: sent.gasUsed };
}
