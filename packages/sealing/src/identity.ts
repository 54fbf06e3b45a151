import { x25519 } from '@noble/curves/ed25519.js';
import { bech32 } from '@scure/base';
import { expectKey } from './bytes.ts';
import { SealingError } from './errors.ts';

/** An X25519 key pair; both keys are 32 bytes. */
export type Identity = { secretKey: Uint8Array; publicKey: Uint8Array };

const IDENTITY_PREFIX = 'age-secret-key-';
const RECIPIENT_PREFIX = 'age';

/** Makes a fresh identity from the system's randomness. */
export function createIdentity(): Identity {
  return identityFromSecret(x25519.utils.randomSecretKey());
}

/** The identity that belongs to a 32-byte X25519 secret. Throws `BAD_KEY` on another length. */
export function identityFromSecret(secretKey: Uint8Array): Identity {
  const secret = Uint8Array.from(expectKey(secretKey, 32, 'The X25519 secret key'));
  return { secretKey: secret, publicKey: x25519.getPublicKey(secret) };
}

/** `AGE-SECRET-KEY-1...`, as `age-keygen` writes it (https://age-encryption.org/v1). Keep it secret. */
export function encodeIdentity(identity: Identity): string {
  return bech32.encodeFromBytes(IDENTITY_PREFIX, identity.secretKey).toUpperCase();
}

/** Reads `AGE-SECRET-KEY-1...`. Throws `BAD_KEY` when it is not one. */
export function decodeIdentity(text: string): Identity {
  return identityFromSecret(decodeKey({ text, prefix: IDENTITY_PREFIX, what: 'identity', looks: 'AGE-SECRET-KEY-1...' }));
}

/** `age1...`, the public half, as the stock tool writes it. */
export function encodeRecipient(publicKey: Uint8Array): string {
  return bech32.encodeFromBytes(RECIPIENT_PREFIX, expectKey(publicKey, 32, 'The X25519 public key'));
}

/** Reads `age1...` to 32 bytes. Throws `BAD_KEY` when it is not one. */
export function decodeRecipient(text: string): Uint8Array {
  return decodeKey({ text, prefix: RECIPIENT_PREFIX, what: 'recipient', looks: 'age1...' });
}

// The cause is left out on purpose: it would quote the text, which may be a secret key.
function decodeKey(parameters: { text: string; prefix: string; what: string; looks: string }): Uint8Array {
  const { text, prefix, what, looks } = parameters;
  const decoded = bech32.decodeUnsafe(text, 90);
  const bytes = decoded && bech32.fromWordsUnsafe(decoded.words);
  if (decoded?.prefix === prefix && bytes instanceof Uint8Array && bytes.length === 32) return Uint8Array.from(bytes);
  throw new SealingError('BAD_KEY', `This is not an age X25519 ${what}; expected ${looks} with a valid checksum. Copy it again, whole.`);
}

/** X25519, or undefined when the peer's point is of low order (the result would be known to everybody). */
export function sharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  try {
    return x25519.getSharedSecret(secretKey, publicKey);
  } catch {
    return undefined;
  }
}
