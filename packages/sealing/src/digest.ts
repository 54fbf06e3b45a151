import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as portable } from '@noble/hashes/sha2.js';
import { nativeCrypto } from './native.ts';

/** SHA-256 over bytes that arrive in pieces. */
export type Sha256 = { update(bytes: Uint8Array): void; digest(): Uint8Array };

export function portableSha256(): Sha256 {
  const hash = portable.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

function createSha256From(crypto: typeof import('node:crypto')): Sha256 {
  const hash = crypto.createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}

export const createSha256: () => Sha256 =
  nativeCrypto?.createHash ? () => createSha256From(nativeCrypto!) : portableSha256;

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createSha256();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(portable, key, message);
}

/** HKDF-SHA256 (RFC 5869), 32 bytes out. */
export function hkdfSha256(parameters: { secret: Uint8Array; salt: Uint8Array; info: Uint8Array }): Uint8Array {
  return hkdf(portable, parameters.secret, parameters.salt, parameters.info, 32);
}
