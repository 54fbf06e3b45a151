import { expectKey, utf8 } from './bytes.ts';
import { hkdfSha256 } from './digest.ts';

/**
 * The file key (16 bytes) and the payload nonce (16 bytes) by which one plaintext gets the same sealed chunks each time: HKDF-SHA256 (RFC 5869) of a 32-byte seed, with the plaintext's
 * sha256 as salt, so that no two plaintexts are sealed under one key. Whoever has the seed and the plaintext's digest can open the file. Throws `BAD_KEY` on another length.
 */
export function repeatableKeys(parameters: { seed: Uint8Array; sha256: Uint8Array }): { fileKey: Uint8Array; nonce: Uint8Array } {
  const secret = expectKey(parameters.seed, 32, 'The seed');
  const salt = expectKey(parameters.sha256, 32, 'The digest of the plaintext');
  const keys = hkdfSha256({ secret, salt, info: utf8('neurodata/repeatable-keys/v1') });
  return { fileKey: keys.slice(0, 16), nonce: keys.slice(16) };
}
