import { type Address, type Hex, type TypedDataDomain, hashTypedData } from 'viem';
import { z } from 'zod';
import { canonicalJson, parseJson } from './bytes.ts';
import { NeuroError } from './errors.ts';
import { addressSchema, amountSchema, hex32Schema, hexSchema } from './schemas.ts';

const MAX_PRICE = 2n ** 96n - 1n;
const MAX_EXPIRY = 2 ** 40 - 1;

/** What an asset's owner offers to one buyer. The zero address as `token` means NCR; `price` in base units. */
export const offerSchema = z.strictObject({
  seller: addressSchema,
  buyer: addressSchema,
  assetId: z.number().int().positive(),
  version: z.number().int().min(1).max(65_535),
  token: addressSchema,
  price: amountSchema.refine((price) => price <= MAX_PRICE, 'expected at most 96 bits'),
  termsDigest: hex32Schema,
  /** The seller's counter when signing; the offer ends when it moves. */
  counter: amountSchema,
  salt: hex32Schema,
  /** Unix seconds; the last second in which the offer can be accepted. */
  expiry: z.number().int().min(0).max(MAX_EXPIRY),
});
export type PrivateOffer = z.output<typeof offerSchema>;

/** An offer as it travels: with the deployment that it is for, and the seller's signature. */
export const signedOfferSchema = z.strictObject({
  kind: z.literal('neurodata-offer'),
  chainId: z.number().int().positive(),
  contract: addressSchema,
  offer: offerSchema,
  signature: hexSchema,
});
export type SignedOffer = z.output<typeof signedOfferSchema>;

/** A buyer's word for an offer, for whoever sends it for them: no gas, and no account with a key, is needed. */
export const signedAcceptanceSchema = z.strictObject({
  kind: z.literal('neurodata-acceptance'),
  offer: signedOfferSchema,
  recipientKey: hex32Schema,
  /** Unix seconds; the last second in which it holds. */
  deadline: z.number().int().min(0).max(MAX_EXPIRY),
  signature: hexSchema,
  /** To the Market, in the offer's token; `deadline` 0: none. */
  permit: z.strictObject({ value: amountSchema, deadline: amountSchema, v: z.number().int().min(0).max(255), r: hex32Schema, s: hex32Schema }),
});
export type SignedAcceptance = z.output<typeof signedAcceptanceSchema>;

/** EIP-712 types of PrivateOffers: what a seller signs, and what a buyer signs for whoever sends it for them. */
export const offerTypes = {
  Offer: [
    { name: 'seller', type: 'address' },
    { name: 'buyer', type: 'address' },
    { name: 'assetId', type: 'uint64' },
    { name: 'version', type: 'uint16' },
    { name: 'token', type: 'address' },
    { name: 'price', type: 'uint96' },
    { name: 'termsDigest', type: 'bytes32' },
    { name: 'counter', type: 'uint256' },
    { name: 'salt', type: 'bytes32' },
    { name: 'expiry', type: 'uint40' },
  ],
} as const;
export const acceptanceTypes = {
  Acceptance: [
    { name: 'offerHash', type: 'bytes32' },
    { name: 'recipientKey', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

export function offerDomain(parameters: { chainId: number; contract: Address }): TypedDataDomain {
  return { name: 'NeuroData PrivateOffers', version: '1', chainId: parameters.chainId, verifyingContract: parameters.contract };
}

/** The EIP-712 message of an offer, with integers as bigint where Solidity's type asks for it. */
export function offerMessage(offer: PrivateOffer): Omit<PrivateOffer, 'assetId'> & { assetId: bigint } {
  return { ...offer, assetId: BigInt(offer.assetId) };
}

/** The digest that the seller signs, by which the contract knows the offer. */
export function offerHashOf(parameters: { chainId: number; contract: Address; offer: PrivateOffer }): Hex {
  return hashTypedData({ domain: offerDomain(parameters), types: offerTypes, primaryType: 'Offer', message: offerMessage(parameters.offer) });
}

const LINK = 'neurodata-offer:';

/** A signed offer as a JSON document, or as one line of text that can be pasted anywhere. */
export function formatOffer(signed: SignedOffer, form: 'json' | 'link'): string {
  const json = new TextDecoder().decode(canonicalJson(z.encode(signedOfferSchema, signed)));
  return form === 'json' ? json : `${LINK}${btoa(json).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** Reads either form back. Throws `BAD_INPUT` on anything that is not wholly a signed offer. */
export function parseOffer(text: string): SignedOffer {
  const trimmed = text.trim();
  const bad = (details?: string, cause?: unknown): NeuroError => new NeuroError('This is not a signed offer.', { code: 'BAD_INPUT', remedy: 'Ask the seller to send it again, as a file or as its link.', ...(details ? { details } : {}), ...(cause === undefined ? {} : { cause }) });
  let value: unknown;
  try {
    const json = trimmed.startsWith(LINK) ? atob(trimmed.slice(LINK.length).replaceAll('-', '+').replaceAll('_', '/')) : trimmed;
    value = parseJson(new TextEncoder().encode(json), 'The offer');
  } catch (cause) {
    throw bad(undefined, cause);
  }
  const parsed = signedOfferSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw bad(z.prettifyError(parsed.error));
}

/** A signed acceptance as a JSON document. */
export function formatAcceptance(acceptance: SignedAcceptance): string {
  return new TextDecoder().decode(canonicalJson(z.encode(signedAcceptanceSchema, acceptance)));
}

/** Reads it back. Throws `BAD_INPUT` on anything that is not wholly a signed acceptance. */
export function parseAcceptance(text: string): SignedAcceptance {
  const parsed = signedAcceptanceSchema.safeParse(parseJson(new TextEncoder().encode(text), 'The acceptance'));
  if (parsed.success) return parsed.data;
  throw new NeuroError('This is not a signed acceptance.', { code: 'BAD_INPUT', remedy: 'Ask the buyer to send it again.', details: z.prettifyError(parsed.error) });
}
