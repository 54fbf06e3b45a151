export const TAG_LENGTH = 16;

/**
 * ChaCha20-Poly1305 (RFC 8439) without associated data: 32-byte key, 12-byte nonce, tag behind the ciphertext.
 * `open` returns undefined when the tag does not match, and never gives out a byte that was not authenticated.
 */
export type Aead = {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** What `seal` gives, in the pieces that the implementation makes: joining them would copy every byte. */
  sealPieces?(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array[];
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
};
