import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { concat, expectKey, utf8 } from './bytes.ts';
import { SealingError } from './errors.ts';
import type { Identity } from './identity.ts';
import { MAX_SHARES, type Share } from './splitSecret.ts';

export const ENC_LENGTH = 32;
const SHARE_LENGTH = 1 + 32 + 32;

/** Bytes of a sealed share: encapsulated key, share, tag. */
export const SEALED_SHARE_LENGTH = ENC_LENGTH + SHARE_LENGTH + 16;

export const SHARE_INFO = utf8('neurodata/share/v1');

/** HPKE base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305. */
export function hpkeSuite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
}

/**
 * Seals a share to an X25519 key. HPKE's info is `neurodata/share/v1`, its associated data is `context`, so a share
 * sealed for one purpose opens for no other. Returns `enc(32) || ciphertext`, {@link SEALED_SHARE_LENGTH} bytes;
 * the plaintext is `index u8 || value || blinding`. Throws `BAD_KEY` or `BAD_SHARE`.
 */
export async function sealShare(parameters: { share: Share; recipient: Uint8Array; context: Uint8Array }): Promise<Uint8Array> {
  return sealShareFrom(parameters);
}

/** As {@link sealShare}; `sender` is an ephemeral key pair that the caller made for this one envelope and needs once more. */
export async function sealShareFrom(parameters: { share: Share; recipient: Uint8Array; context: Uint8Array; sender?: Identity }): Promise<Uint8Array> {
  const plaintext = encodeShare(parameters.share);
  const suite = hpkeSuite();
  try {
    const recipientPublicKey = await suite.kem.importKey('raw', plain(expectKey(parameters.recipient, 32, 'The recipient')), true);
    const sender = await suite.createSenderContext({ recipientPublicKey, info: SHARE_INFO, ...(parameters.sender ? { ekm: await keyPairOf(suite, parameters.sender) } : {}) });
    const ciphertext = await sender.seal(plain(plaintext), plain(parameters.context));
    return concat(new Uint8Array(sender.enc), new Uint8Array(ciphertext));
  } catch (error) {
    if (error instanceof SealingError) throw error;
    throw new SealingError('BAD_KEY', 'The share cannot be sealed to this recipient: it is no usable X25519 key; ask its owner for a real one.', { cause: error });
  }
}

async function keyPairOf(suite: CipherSuite, { secretKey, publicKey }: Identity): Promise<CryptoKeyPair> {
  return { privateKey: await suite.kem.importKey('raw', plain(secretKey), false), publicKey: await suite.kem.importKey('raw', plain(publicKey), true) };
}

/**
 * Opens what {@link sealShare} made, with the same context. Throws `BAD_SHARE` on a wrong length or a malformed
 * share inside, `WRONG_KEY` when identity or context differ or the bytes were changed. It does not check the share
 * against commitments: that is {@link checkShare}.
 */
export async function openShare(parameters: { sealed: Uint8Array; identity: Identity; context: Uint8Array }): Promise<Share> {
  const { sealed, identity, context } = parameters;
  if (sealed.length !== SEALED_SHARE_LENGTH) throw new SealingError('BAD_SHARE', `A sealed share is ${SEALED_SHARE_LENGTH} bytes, got ${sealed.length}; take it whole from the grant or the keyset.`);
  return decodeShare(await openBytes({ sealed, secretKey: identity.secretKey, context }));
}

async function openBytes(parameters: { sealed: Uint8Array; secretKey: Uint8Array; context: Uint8Array }): Promise<Uint8Array> {
  const { sealed, secretKey, context } = parameters;
  const suite = hpkeSuite();
  try {
    const recipientKey = await suite.kem.importKey('raw', plain(secretKey), false);
    const recipient = await suite.createRecipientContext({ recipientKey, enc: plain(sealed.subarray(0, ENC_LENGTH)), info: SHARE_INFO });
    return new Uint8Array(await recipient.open(plain(sealed.subarray(ENC_LENGTH)), plain(context)));
  } catch (error) {
    throw new SealingError('WRONG_KEY', 'The sealed share does not open: it was sealed to another key or for another context, or was changed; check identity, proof id and validator id.', { cause: error });
  }
}

function encodeShare(share: Share): Uint8Array {
  const valid = Number.isInteger(share.index) && share.index >= 1 && share.index <= MAX_SHARES && share.value.length === 32 && share.blinding.length === 32;
  if (!valid) throw new SealingError('BAD_SHARE', `Share ${share.index} needs an index of 1 to ${MAX_SHARES} and two 32-byte scalars; pass one that splitSecret made.`);
  return concat(Uint8Array.of(share.index), share.value, share.blinding);
}

/** What is in an envelope that opened. Throws `BAD_SHARE` where that is no share. */
export function decodeShare(bytes: Uint8Array): Share {
  const [index] = bytes;
  if (bytes.length !== SHARE_LENGTH || !index) throw new SealingError('BAD_SHARE', 'The sealed share opens but holds no share; its sender did not follow the format.');
  return { index, value: bytes.slice(1, 33), blinding: bytes.slice(33) };
}

/** A copy on its own plain ArrayBuffer: WebCrypto refuses views on shared memory, and Node's pool is not ours. */
function plain(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
