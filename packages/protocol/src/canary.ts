import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, parseJson } from './bytes.ts';
import { NeuroError } from './errors.ts';
import { hex32Schema } from './schemas.ts';

/** What a worker keeps of a receipt that is wrong on purpose, until it owns up: the right checkpoints, and 32 random bytes. */
export const canarySchema = z.strictObject({
  kind: z.literal('neurodata-canary'),
  jobId: hex32Schema,
  receiptDigest: hex32Schema,
  digests: z.array(hex32Schema).min(2),
  salt: hex32Schema,
});
export type Canary = { kind: 'neurodata-canary'; jobId: Hex; receiptDigest: Hex; digests: Hex[]; salt: Hex };

/** A canary as a JSON document. */
export function formatCanary(canary: Canary): string {
  return new TextDecoder().decode(canonicalJson(z.encode(canarySchema, canary)));
}

/** Reads it back. Throws `BAD_INPUT` on anything that is not wholly a canary. */
export function parseCanary(text: string): Canary {
  const parsed = canarySchema.safeParse(parseJson(new TextEncoder().encode(text), 'The canary'));
  if (parsed.success) return parsed.data;
  throw new NeuroError('This is not a canary.', { code: 'BAD_INPUT', remedy: 'Use the file that the worker wrote before it handed the receipt in.', details: z.prettifyError(parsed.error) });
}
