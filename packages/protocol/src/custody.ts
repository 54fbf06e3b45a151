import { z } from 'zod';
import { canonicalJson, sha256Hex } from './bytes.ts';
import { addressSchema, hex32Schema, hexSchema } from './schemas.ts';

/** What a holder deals to the holders of the next epoch; see `dealShare` of the sealing package. */
export const dealingSchema = z.object({ index: z.number().int().min(1).max(255), commitments: z.array(hexSchema).max(255), sealedShares: z.array(hexSchema).max(255) });

/** One time that somebody asked a validator for its share. Nothing secret is in it. */
export const accessSchema = z.object({
  /** Unix seconds. */
  at: z.number().int(),
  account: addressSchema, assetId: z.number().int(), version: z.number().int(), proofId: hex32Schema, recipientKey: hex32Schema,
  /** EIP-712 digest of what was signed, and until when it was valid. */
  request: hex32Schema, expiresAt: z.number().int(),
  outcome: z.enum(['granted', 'refused']),
  code: z.string().optional(), reason: z.string().optional(),
});
export type Access = z.output<typeof accessSchema>;

/** What one validator says of who asked it, signed by its account; see `ownerAnswerTypes`. */
export const accessesSchema = z.object({ validatorId: z.number().int(), items: z.array(accessSchema), signature: hexSchema });

/** EIP-712 types with which an asset's owner asks validator `validatorId` who asked for its key. */
export const accessLogRequestTypes = {
  AccessLogRequest: [
    { name: 'account', type: 'address' },
    { name: 'assetId', type: 'uint256' },
    { name: 'validatorId', type: 'uint16' },
    { name: 'expiresAt', type: 'uint64' },
  ],
} as const;
export const accessLogRequestSchema = z.object({
  request: z.object({ account: addressSchema, assetId: z.number().int().positive(), validatorId: z.number().int().positive().max(65_535), /** Unix seconds; at most five minutes ahead. */ expiresAt: z.number().int().positive() }),
  signature: hexSchema,
});
export type SignedAccessLogRequest = z.output<typeof accessLogRequestSchema>;

/** The EIP-712 message of a request, with integers as bigint where Solidity's type asks for it. */
export function accessLogMessage(request: SignedAccessLogRequest['request']): { account: `0x${string}`; assetId: bigint; validatorId: number; expiresAt: bigint } {
  return { ...request, assetId: BigInt(request.assetId), expiresAt: BigInt(request.expiresAt) };
}

/** EIP-712 types with which a validator signs what it answers to an asset's owner, so that whoever carries the answer changes nothing. */
export const ownerAnswerTypes = {
  OwnerAnswer: [
    { name: 'validatorId', type: 'uint16' },
    /** sha256 of the signature of the request that is answered. */
    { name: 'request', type: 'bytes32' },
    /** sha256 of the items as canonical JSON. */
    { name: 'items', type: 'bytes32' },
  ],
} as const;

/** The EIP-712 message of an answer to the request that `signature` signs. */
export function ownerAnswerMessage(parameters: { validatorId: number; signature: `0x${string}`; items: readonly unknown[] }): { validatorId: number; request: `0x${string}`; items: `0x${string}` } {
  const { validatorId, signature, items } = parameters;
  return { validatorId, request: sha256Hex(new TextEncoder().encode(signature.toLowerCase())), items: sha256Hex(canonicalJson(items)) };
}

/** What an asset's owner names as its proof of entitlement to a version's key: 0x05, asset (27 bytes), version (4). */
export function ownerProofId(assetId: number, version: number): `0x${string}` {
  return `0x05${assetId.toString(16).padStart(54, '0')}${version.toString(16).padStart(8, '0')}`;
}

/** What a seller keeps of a version's key, inside an age file: enough to open the content without any node, chain or validator. */
export const keyExportSchema = z.object({
  format: z.literal('neurodata-key-export/1'),
  chainId: z.number().int(), assetRegistry: addressSchema, assetId: z.number().int(), version: z.number().int(),
  /** The keyset's first commitment, a secp256k1 point, and what opens it: `secret` unlocks the content. */
  commitment: hexSchema, secret: hex32Schema, blinding: hex32Schema,
  cid: z.string(), ciphertextSha256: z.string(), fileName: z.string(), mediaType: z.string(),
  contentRoot: hex32Schema, contentCommitment: hex32Schema,
});
export type KeyExport = z.output<typeof keyExportSchema>;

/** Names a handover on chain: a version's, as `opener` has opened it. */
export const handoverRefSchema = z.object({ assetId: z.number().int().positive(), version: z.number().int().positive(), opener: addressSchema });
export type HandoverRef = z.output<typeof handoverRefSchema>;

/** A challenge to prove that one holds a share: anybody may ask, nothing of the share leaves. `nonce` is the asker's and used once. */
export const drillRequestSchema = z.object({ assetId: z.number().int().positive(), version: z.number().int().positive(), nonce: hex32Schema });
export type DrillRequest = z.output<typeof drillRequestSchema>;

/** Okamoto's proof for the commitment of the holder's share in the keyset named. */
export const drillAnswerSchema = z.object({
  validatorId: z.number().int(), epoch: z.number().int().nonnegative(), keyset: hex32Schema,
  proof: z.object({ point: hexSchema, value: hex32Schema, blinding: hex32Schema }),
});
export type DrillAnswer = z.output<typeof drillAnswerSchema>;
