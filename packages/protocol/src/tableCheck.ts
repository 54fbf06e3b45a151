import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from './bytes.ts';
import { addressSchema, assetIdSchema, hex32Schema, hexSchema, secondsSchema, versionSchema } from './schemas.ts';

/** An earlier version that has rows of the checked one. */
const likenessSchema = z.object({
  assetId: assetIdSchema,
  version: versionSchema,
  /** Of the earlier version: numbers of assets can come again after a reorganisation of the chain. */
  manifestDigest: hex32Schema,
  /** Part of the checked version's different rows that the earlier one has, in steps of 0.05. */
  part: z.number().min(0).max(1),
});
export type Likeness = z.output<typeof likenessSchema>;

const tableCheckBodySchema = z.object({
  version: z.literal(1),
  /** Of the version that was checked. */
  manifestDigest: hex32Schema,
  checkedAt: secondsSchema,
  /** How many earlier versions of other assets it was compared with: those that this validator has read. */
  compared: z.number().int().nonnegative(),
  /** Those that it is like, the likest first. */
  alike: z.array(likenessSchema).max(20),
});
export type TableCheckBody = z.output<typeof tableCheckBodySchema>;

/** What a validator found of a table beyond its verdict, signed by its account. */
export const tableCheckSchema = z.object({ body: tableCheckBodySchema, validatorId: z.number().int().positive().max(65_535), account: addressSchema, signature: hexSchema });
export type TableCheck = z.output<typeof tableCheckSchema>;

/** Digest of a check's body: what the validator signs (EIP-712 `TableCheck`). */
export function tableCheckDigest(body: TableCheckBody): Hex {
  return sha256Hex(canonicalJson(body));
}

/** EIP-712 types under which a validator signs what it found of a table. */
export const tableCheckTypes = {
  TableCheck: [
    { name: 'manifestDigest', type: 'bytes32' },
    { name: 'checkDigest', type: 'bytes32' },
  ],
} as const;

/** What a node knows of the checks of a version's table. */
export const tableChecksSchema = z.object({
  assetId: z.number().int(),
  version: z.number().int(),
  manifestDigest: hex32Schema,
  checks: z.array(tableCheckSchema),
});
