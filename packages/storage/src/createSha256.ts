import { sha256 as portable } from '@noble/hashes/sha2.js';

/** SHA-256 over bytes that arrive in pieces. */
export type Sha256 = { update(bytes: Uint8Array): void; digest(): Uint8Array };

/** Found at run time, so that bundles for the browser never mention it. */
const native: typeof import('node:crypto') | undefined = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto');

/** OpenSSL's where there is one: several times as fast as the one in plain JavaScript that browsers run. */
export function createSha256(): Sha256 {
  if (!native?.createHash) {
    const hash = portable.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  }
  const hash = native.createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}
