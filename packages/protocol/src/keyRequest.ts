import type { Address, Hex, TypedDataDomain } from 'viem';
import { z } from 'zod';
import { addressSchema, hex32Schema, hexSchema } from './schemas.ts';

/** EIP-712 domain of off-chain requests; the Market's address stands for the deployment. */
export function requestDomain(parameters: { chainId: number; market: Address }): TypedDataDomain {
  return { name: 'NeuroData', version: '1', chainId: parameters.chainId, verifyingContract: parameters.market };
}

/** EIP-712 types of a request for a key share: `account` asks validator `validatorId`, entitled through `proofId`. */
export const shareRequestTypes = {
  ShareRequest: [
    { name: 'account', type: 'address' },
    { name: 'assetId', type: 'uint256' },
    { name: 'version', type: 'uint32' },
    { name: 'proofId', type: 'bytes32' },
    { name: 'validatorId', type: 'uint16' },
    { name: 'recipientKey', type: 'bytes32' },
    { name: 'expiresAt', type: 'uint64' },
  ],
} as const;

export const shareRequestSchema = z.object({
  request: z.object({
    account: addressSchema,
    assetId: z.number().int().positive(),
    version: z.number().int().positive(),
    proofId: hex32Schema,
    validatorId: z.number().int().positive().max(65_535),
    recipientKey: hex32Schema,
    /** Unix seconds; at most five minutes ahead. */
    expiresAt: z.number().int().positive(),
  }),
  signature: hexSchema,
});
export type SignedShareRequest = z.output<typeof shareRequestSchema>;

/** A validator's share, sealed to the key that the request names. */
export const shareAnswerSchema = z.object({ validatorId: z.number().int(), sealedShare: hexSchema });
export type ShareRequest = SignedShareRequest['request'];

/** The EIP-712 message of a request, with integers as bigint where Solidity's type asks for it. */
export function shareRequestMessage(request: ShareRequest): {
  account: Address;
  assetId: bigint;
  version: number;
  proofId: Hex;
  validatorId: number;
  recipientKey: Hex;
  expiresAt: bigint;
} {
  return { ...request, assetId: BigInt(request.assetId), expiresAt: BigInt(request.expiresAt) };
}

/** EIP-712 types under which a worker signs its receipt's digest. */
export const receiptTypes = {
  Receipt: [
    { name: 'jobId', type: 'bytes32' },
    { name: 'receiptDigest', type: 'bytes32' },
  ],
} as const;
