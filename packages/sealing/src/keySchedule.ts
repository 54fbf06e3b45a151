import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand } from '@noble/hashes/hkdf.js';
import { sha256 as hash } from '@noble/hashes/sha2.js';
import { concat, utf8 } from './bytes.ts';
import { hmacSha256 } from './digest.ts';

/*
 * RFC 9180 from the Diffie-Hellman value onwards, for whoever is shown that value and not the key that made it. The library opens
 * with keys only.
 */

const VERSION = utf8('HPKE-v1');
/** "KEM", DHKEM(X25519, HKDF-SHA256). */
const KEM_SUITE = concat(utf8('KEM'), Uint8Array.of(0x00, 0x20));
/** "HPKE", that KEM, HKDF-SHA256, ChaCha20Poly1305. */
const SUITE = concat(utf8('HPKE'), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03));
const NONE = new Uint8Array(0);
const BASE_MODE = Uint8Array.of(0);

/** A message of a base mode context, its first; `dh` is what X25519 makes of `enc` and the key of `recipient`. */
export type SharedMessage = { dh: Uint8Array; enc: Uint8Array; recipient: Uint8Array; info: Uint8Array; aad: Uint8Array; ciphertext: Uint8Array };

/** The plaintext; undefined where the tag does not match (sections 4.1, 5.1 and 5.2 of RFC 9180). */
export function openWithShared(message: SharedMessage): Uint8Array | undefined {
  const { key, nonce } = keysOf(message);
  try {
    return chacha20poly1305(key, nonce, message.aad).decrypt(message.ciphertext);
  } catch {
    return undefined;
  }
}

function keysOf({ dh, enc, recipient, info }: SharedMessage): { key: Uint8Array; nonce: Uint8Array } {
  const kem = labelled(KEM_SUITE);
  const shared = kem.expand({ prk: kem.extract(NONE, 'eae_prk', dh), label: 'shared_secret', info: concat(enc, recipient), length: 32 });
  const suite = labelled(SUITE);
  const context = concat(BASE_MODE, suite.extract(NONE, 'psk_id_hash', NONE), suite.extract(NONE, 'info_hash', info));
  const secret = suite.extract(shared, 'secret', NONE);
  return { key: suite.expand({ prk: secret, label: 'key', info: context, length: 32 }), nonce: suite.expand({ prk: secret, label: 'base_nonce', info: context, length: 12 }) };
}

/** LabeledExtract and LabeledExpand of section 4. */
function labelled(suite: Uint8Array) {
  return {
    extract: (salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array => hmacSha256(salt, concat(VERSION, suite, utf8(label), ikm)),
    expand({ prk, label, info, length }: { prk: Uint8Array; label: string; info: Uint8Array; length: number }): Uint8Array {
      return expand(hash, prk, concat(Uint8Array.of(0, length), VERSION, suite, utf8(label), info), length);
    },
  };
}
