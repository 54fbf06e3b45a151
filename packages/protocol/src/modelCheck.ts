import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from './bytes.ts';
import { evaluationSchema } from './evaluation.ts';
import { modelReportSchema } from './modelReport.ts';
import { addressSchema, hex32Schema, hexSchema, secondsSchema } from './schemas.ts';

const modelCheckBodySchema = z.object({
  version: z.literal(1),
  /** Of the model's version: the bytes and the claims that were tested. */
  manifestDigest: hex32Schema,
  /** What was declared, as the manifest has it; absent where nothing was. */
  evaluation: evaluationSchema.exactOptional(),
  /** Of the table's bytes; absent where it could not be read. */
  tableSha256: hex32Schema.exactOptional(),
  measuredAt: secondsSchema,
  report: modelReportSchema,
});
export type ModelCheckBody = z.output<typeof modelCheckBodySchema>;

/** What a validator measured of an uploaded model, signed by its account. */
export const modelCheckSchema = z.object({ body: modelCheckBodySchema, validatorId: z.number().int().positive().max(65_535), account: addressSchema, signature: hexSchema });
export type ModelCheck = z.output<typeof modelCheckSchema>;

/** Digest of a check's body: what the validator signs (EIP-712 `ModelCheck`). */
export function modelCheckDigest(body: ModelCheckBody): Hex {
  return sha256Hex(canonicalJson(body));
}

/** EIP-712 types under which a validator signs what it measured. */
export const modelCheckTypes = {
  ModelCheck: [
    { name: 'manifestDigest', type: 'bytes32' },
    { name: 'checkDigest', type: 'bytes32' },
  ],
} as const;

/** What a node knows of the tests of a version. */
export const modelChecksSchema = z.object({
  assetId: z.number().int(),
  version: z.number().int(),
  manifestDigest: hex32Schema,
  /** Whether its round goes on, so that more may come. */
  pending: z.boolean(),
  validatorsMayRead: z.boolean(),
  checks: z.array(modelCheckSchema),
});
export type ModelChecksDto = z.output<typeof modelChecksSchema>;
