import type { Address, Hex } from 'viem';
import { z } from 'zod';

/** 0x-prefixed hex of any even length. */
export const hexSchema = z.custom<Hex>((v) => typeof v === 'string' && /^0x([0-9a-f]{2})*$/i.test(v), 'expected 0x-prefixed hex');
/** 32 bytes as hex: a digest, key, order, job or round id. */
export const hex32Schema = z.custom<Hex>((v) => typeof v === 'string' && /^0x[0-9a-f]{64}$/i.test(v), 'expected 32 bytes as 0x-prefixed hex');
export const addressSchema = z.custom<Address>((v) => typeof v === 'string' && /^0x[0-9a-f]{40}$/i.test(v), 'expected an address (0x and 40 hex digits)');
/** Base units of an ERC-20: a decimal string on the wire, a bigint in code. */
export const amountSchema = z.codec(z.string().regex(/^\d{1,78}$/, 'expected base units as a decimal string'), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});
export const cidSchema = z.string().regex(/^[a-zA-Z0-9]{10,120}$/, 'expected a CID');
/** Unix time in seconds. */
export const secondsSchema = z.number().int().nonnegative();
export const assetIdSchema = z.coerce.number().int().positive();
export const versionSchema = z.coerce.number().int().positive();
