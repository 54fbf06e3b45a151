import type { Address, Hex, TypedDataDefinition } from 'viem';
import { z } from 'zod';
import { requestDomain } from '../keyRequest.ts';
import { addressSchema, hex32Schema, hexSchema, secondsSchema } from '../schemas.ts';
import type { Purpose } from './policy.ts';
import { uses } from './uses.ts';

export const purposeSchema = z.strictObject({ use: z.enum(uses), sharesResult: z.boolean() });

/** EIP-712 types of a buyer's promise what something is bought for. `proofId`, the order or subscription, makes it good for that one alone; `limitsDigest` is of the terms that were shown. */
export const purposeTypes = {
  Purpose: [
    { name: 'account', type: 'address' },
    { name: 'proofId', type: 'bytes32' },
    { name: 'assetId', type: 'uint256' },
    { name: 'limitsDigest', type: 'bytes32' },
    { name: 'use', type: 'string' },
    { name: 'sharesResult', type: 'bool' },
    { name: 'signedAt', type: 'uint64' },
  ],
} as const;

export const signedPurposeSchema = z.object({
  statement: z.strictObject({
    account: addressSchema, proofId: hex32Schema, assetId: z.number().int().positive(), limitsDigest: hex32Schema, ...purposeSchema.shape,
    /** By the chain's clock. */
    signedAt: secondsSchema,
  }),
  signature: hexSchema,
});
export type SignedPurpose = z.output<typeof signedPurposeSchema>;
export type PurposeStatement = SignedPurpose['statement'];

/** What a buyer's wallet signs. */
export function purposeData(parameters: { chainId: number; market: Address; statement: PurposeStatement }) {
  const { statement } = parameters;
  return {
    domain: requestDomain(parameters), types: purposeTypes, primaryType: 'Purpose',
    message: { ...statement, assetId: BigInt(statement.assetId), signedAt: BigInt(statement.signedAt) },
  } as const satisfies TypedDataDefinition;
}

/** Whether two promises are the same, whenever they were signed. */
export const samePurpose = (a: Purpose, b: Purpose): boolean => a.use === b.use && a.sharesResult === b.sharesResult;

/** What validators answer a promise with: that they keep it. */
export const purposeKeptSchema = z.object({ validatorId: z.number().int(), kept: z.literal(true) });

/** EIP-712 types with which an asset's owner asks validator `validatorId` what its buyers promised; its message is that of an access log's request. */
export const purposesRequestTypes = {
  PurposesRequest: [
    { name: 'account', type: 'address' },
    { name: 'assetId', type: 'uint256' },
    { name: 'validatorId', type: 'uint16' },
    { name: 'expiresAt', type: 'uint64' },
  ],
} as const;

/** What one validator tells the owner, signed by its account; see `ownerAnswerTypes`. */
export const purposesSchema = z.object({ validatorId: z.number().int(), items: z.array(signedPurposeSchema), signature: hexSchema });

export type PurposeKey = { proofId: Hex; limitsDigest: Hex };
