import { NeuroError, type PrivateOffer, type SignedOffer, type Terms, encodeTerms, offerDomain, offerHashOf, offerMessage, offerSchema, offerTypes, privateOffersAbi } from '@neurodata/protocol';
import { type Address, type Hex, bytesToHex, isAddressEqual, zeroAddress } from 'viem';
import { z } from 'zod';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { isNcr } from './tokenAmounts.ts';
import { readOffer } from './readOffer.ts';

export type SignOfferParameters = {
  client: NeuroClient;
  assetId: number;
  version: number;
  /** The only account that can accept it. */
  buyer: Address;
  /** Base units of `token`. */
  price: bigint;
  /** An allowed ERC-20; NCR by default. */
  token?: Address;
  /** Of a `download` licence; stored publicly, and bound by the signature. */
  terms: Terms;
  /** Unix seconds; the last second in which it can be accepted. */
  expiry: number;
};

/**
 * Signs an offer of an own asset's version to one buyer. Nothing is sent; the buyer needs the result. Whoever holds it
 * sees the price. Throws `BAD_INPUT`, and `CONFLICT` where it could not be accepted as things stand.
 *
 * @example const { signed } = await signOffer({ client, assetId: 7, version: 1, buyer, price: parseNcr('20'), terms, expiry });
 */
export async function signOffer(parameters: SignOfferParameters): Promise<{ signed: SignedOffer; offerHash: Hex }> {
  const { client, assetId, version, buyer, price, terms, expiry } = parameters;
  const account = accountOf(client);
  const { chainId, addresses: { privateOffers: contract } } = client.config.deployment;
  if (terms.kind !== 'download') throw new NeuroError('Private offers are of download licences.', { code: 'BAD_INPUT', remedy: 'Give terms of that kind.' });
  if (isAddressEqual(buyer, zeroAddress)) throw new NeuroError('The offer names no buyer.', { code: 'BAD_INPUT', remedy: 'Name the account that may accept it.' });
  const { bytes, digest: termsDigest } = encodeTerms(terms);
  await client.storage.addRaw(bytes).catch((error: unknown) => { throw toNeuroError(error); });
  const counter = await client.publicClient.readContract({ address: contract, abi: privateOffersAbi, functionName: 'counterOf', args: [account.address] }).catch((error: unknown) => { throw toNeuroError(error); });
  const token = parameters.token === undefined || isNcr(client, parameters.token) ? zeroAddress : parameters.token;
  const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const offer = checked({ seller: account.address, buyer, assetId, version, token, price, termsDigest, counter, salt, expiry });
  const signature = await account.signTypedData({ domain: offerDomain({ chainId, contract }), types: offerTypes, primaryType: 'Offer', message: offerMessage(offer) });
  const signed: SignedOffer = { kind: 'neurodata-offer', chainId, contract, offer, signature };
  const { state } = await readOffer({ client, offer: signed });
  if (state !== 'open') throw new NeuroError(`Nobody could accept this offer: it would be "${state}".`, { code: 'CONFLICT', remedy: 'Offer a live version of an asset that the account owns, with an expiry to come.' });
  return { signed, offerHash: offerHashOf(signed) };
}

function checked(offer: PrivateOffer): PrivateOffer {
  const encoded = z.safeEncode(offerSchema, offer);
  if (encoded.success) return offer;
  throw new NeuroError('The offer is not valid.', { code: 'BAD_INPUT', remedy: 'Correct what is named below.', details: z.prettifyError(encoded.error) });
}
