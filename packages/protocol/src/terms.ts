import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, parseJson, sha256Hex } from './bytes.ts';
import { NeuroError } from './errors.ts';

/** Licence terms of a listing, as a block whose sha256 stands on chain. */
export const termsSchema = z.object({
  version: z.literal(1),
  kind: z.enum(['download', 'compute']),
  license: z.string().min(1).max(200),
  /** Shown before publishing and before buying: committees of rounds may read the rows. */
  validatorsMayRead: z.boolean(),
  /** Compute listings: algorithms that may run. */
  algorithms: z.array(z.string().max(100)).max(100),
  /** Basis points of a derived model's price that go to the dataset's owner. */
  modelShareBps: z.number().int().min(0).max(5000),
  note: z.string().max(5000).optional(),
});
export type Terms = z.output<typeof termsSchema>;

export function encodeTerms(terms: Terms): { bytes: Uint8Array; digest: Hex } {
  const bytes = canonicalJson(checkTerms(terms));
  return { bytes, digest: sha256Hex(bytes) };
}

export function parseTerms(bytes: Uint8Array): Terms {
  return checkTerms(parseJson(bytes, 'The licence terms'));
}

function checkTerms(value: unknown): Terms {
  const result = termsSchema.safeParse(value);
  if (!result.success) throw new NeuroError('The licence terms are not valid.', { code: 'BAD_INPUT', details: z.prettifyError(result.error) });
  return result.data;
}
