import { aead } from './aead.ts';
import { concat, expectKey, fromHex, utf8, type Hex } from './bytes.ts';
import { hkdfSha256 } from './digest.ts';
import { SealingError } from './errors.ts';
import type { Stanza } from './header.ts';

/** The stanza type of files whose key a threshold of validators releases. */
export const THRESHOLD_STANZA = 'neurodata-threshold';

const INFO = utf8('neurodata/threshold-stanza/v1');
const NONCE = new Uint8Array(12);
const SALT_LENGTH = 16;
const BODY_LENGTH = SALT_LENGTH + 32;

/**
 * `-> neurodata-threshold <keyset digest>`; the body is a random 16-byte salt and the sealed file key.
 * One secret may wrap many file keys: the salt makes each wrapping key new, so the zero nonce is used once.
 * Throws `BAD_KEY` when secret (32 bytes) or file key (16 bytes) has another length, `BAD_KEYSET` on a bad digest.
 */
export function thresholdStanza(parameters: { secret: Uint8Array; fileKey: Uint8Array; keysetDigest: Hex }): Stanza {
  const { secret, fileKey, keysetDigest } = parameters;
  expectKey(fileKey, 16, 'The file key');
  const digest = parseDigest(keysetDigest);
  if (!digest) throw new SealingError('BAD_KEYSET', 'The keyset digest must be 0x and 64 lower-case hex digits; pass the digest that createKeyset returned.');
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  const sealed = aead.seal(wrappingKey({ secret, digest, salt }), NONCE, fileKey);
  return { type: THRESHOLD_STANZA, args: [keysetDigest], body: concat(salt, sealed) };
}

/**
 * The 16-byte file key inside a threshold stanza.
 * Throws `BAD_HEADER` on another or a malformed stanza, `WRONG_KEY` when `secret` does not open it.
 */
export function unwrapThreshold(stanza: Stanza, secret: Uint8Array): Uint8Array {
  const fileKey = openStanza(stanza, secret);
  if (!fileKey) throw new SealingError('WRONG_KEY', `The secret does not open the file key of keyset ${stanza.args[0]}; combine shares granted for that keyset.`);
  return fileKey;
}

/** The file key, if the secret opens one of the threshold stanzas, else undefined. Throws `BAD_HEADER` on a malformed one. */
export function unwrapForSecret(stanzas: Stanza[], secret: Uint8Array): Uint8Array | undefined {
  for (const stanza of stanzas) {
    const fileKey = stanza.type === THRESHOLD_STANZA ? openStanza(stanza, secret) : undefined;
    if (fileKey) return fileKey;
  }
  return undefined;
}

function openStanza(stanza: Stanza, secret: Uint8Array): Uint8Array | undefined {
  const digest = stanza.type === THRESHOLD_STANZA && stanza.args.length === 1 ? parseDigest(stanza.args[0] ?? '') : undefined;
  if (!digest || stanza.body.length !== BODY_LENGTH) throw new SealingError('BAD_HEADER', `This is not a well-formed ${THRESHOLD_STANZA} stanza; the file was not sealed for threshold release or is damaged.`);
  const salt = stanza.body.subarray(0, SALT_LENGTH);
  return aead.open(wrappingKey({ secret, digest, salt }), NONCE, stanza.body.subarray(SALT_LENGTH));
}

function parseDigest(text: string): Uint8Array | undefined {
  const digest = fromHex(text);
  return digest?.length === 32 ? digest : undefined;
}

function wrappingKey(parameters: { secret: Uint8Array; digest: Uint8Array; salt: Uint8Array }): Uint8Array {
  const secret = expectKey(parameters.secret, 32, 'The threshold secret');
  return hkdfSha256({ secret, salt: concat(parameters.digest, parameters.salt), info: INFO });
}
