import { type LicenseKind, NeuroError, type Terms, encodeTerms, licenseKinds, marketAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

export type CreateListingParameters = {
  client: NeuroClient;
  assetId: number;
  firstVersion: number;
  /** 0, the default: every later version too. */
  lastVersion?: number;
  kind: LicenseKind;
  /** Base units of NCR. */
  price: bigint;
  terms: Terms;
};
export type CreateListingResult = { listingId: number; termsDigest: Hex; hash: Hex; gasUsed: bigint };

/** Offers an asset. The terms are stored first; their digest is bound to the listing. Throws `BAD_INPUT` or `REVERTED`. */
export async function createListing(parameters: CreateListingParameters): Promise<CreateListingResult> {
  const { client, assetId, firstVersion, lastVersion = 0, kind, price, terms } = parameters;
  if (terms.kind !== kind) throw new NeuroError(`The terms are for a ${terms.kind} licence, the listing for a ${kind} licence.`, { code: 'BAD_INPUT', remedy: 'Give terms of the same kind.' });
  const { bytes, digest: termsDigest } = encodeTerms(terms);
  await client.storage.addRaw(bytes).catch((error: unknown) => { throw toNeuroError(error); });
  const modelShareBps = kind === 'compute' ? terms.modelShareBps : 0;
  const sent = await client.send({
    address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'createListing',
    args: [{ assetId: BigInt(assetId), firstVersion, lastVersion, kind: licenseKinds.indexOf(kind), price, modelShareBps, termsDigest }],
    sentence: `Offer asset ${assetId} (${kind})`,
  });
  const [created] = parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs: sent.receipt.logs });
  if (!created) throw new NeuroError('The market made no listing.', { code: 'INTERNAL', details: sent.hash });
  return { listingId: created.args.listingId, termsDigest, hash: sent.hash, gasUsed: sent.gasUsed };
}
