import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from '../bytes.ts';
import { uses } from './uses.ts';

/**
 * What a publisher forbids besides what the licence does; stands in the manifest as `nd:limits`. Whoever buys what has limits signs a purpose first.
 * Strict: software that does not know a limit refuses the manifest instead of passing over it.
 */
export const limitsSchema = z.strictObject({
  /** The only uses that are admitted; all of them where it is left out. */
  uses: z.array(z.enum(uses)).min(1).max(uses.length).exactOptional(),
  /** Nothing may be made of it: no runs, no models. */
  noDerivatives: z.literal(true).exactOptional(),
  /** What is made of it may not be passed on. */
  noSharing: z.literal(true).exactOptional(),
});
export type Limits = z.output<typeof limitsSchema>;

/** What a version is published under, as its manifest says it. */
export type Published = { license: string; 'nd:limits'?: Limits | undefined };

/** sha256 of licence and limits as they stand in the manifest: what a signed purpose is about. It stays when programs learn more licences. */
export function limitsDigest({ license, 'nd:limits': limits }: Published): Hex {
  return sha256Hex(canonicalJson({ license, limits: limits ?? null }));
}
