import { utf8 } from './bytes.ts';
import { hkdfSha256 } from './digest.ts';
import { SealingError } from './errors.ts';
import { identityFromSecret } from './identity.ts';
import type { Identity } from './identity.ts';

/** r and s of an ECDSA signature over secp256k1. */
const SIGNATURE_LENGTH = 64;

/**
 * The identity that belongs to a secret signature of 64 bytes (r and s, without the recovery byte): HKDF-SHA256 (RFC 5869) with
 * `context` as its info. As strong as the signature is secret. Throws `BAD_KEY` on another length.
 *
 * @example const identity = deriveIdentity({ signature: signature.slice(0, 64), context: 'neurodata/validator-identity/v1' });
 */
export function deriveIdentity(parameters: { signature: Uint8Array; context: string }): Identity {
  const { signature, context } = parameters;
  if (signature.length !== SIGNATURE_LENGTH) throw new SealingError('BAD_KEY', `A signature of ${SIGNATURE_LENGTH} bytes was expected, not of ${signature.length}. Leave its recovery byte out.`);
  return identityFromSecret(hkdfSha256({ secret: signature, salt: new Uint8Array(0), info: utf8(context) }));
}
