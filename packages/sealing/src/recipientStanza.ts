import { base64nopad } from '@scure/base';
import { aead } from './aead.ts';
import { concat, expectKey, utf8 } from './bytes.ts';
import { hkdfSha256 } from './digest.ts';
import { SealingError } from './errors.ts';
import { decodeBase64, type Stanza } from './header.ts';
import { createIdentity, sharedSecret, type Identity } from './identity.ts';

const TYPE = 'X25519';
const INFO = utf8('age-encryption.org/v1/X25519');
// The wrapping key is used once, so age fixes the nonce to zero.
const NONCE = new Uint8Array(12);
const BODY_LENGTH = 32;

/** Wraps a file key to an X25519 recipient (age v1, "The X25519 recipient type"). Throws `BAD_KEY` on a bad recipient. */
export function recipientStanza(fileKey: Uint8Array, recipient: Uint8Array): Stanza {
  expectKey(recipient, 32, 'The recipient');
  const ephemeral = createIdentity();
  const secret = sharedSecret(ephemeral.secretKey, recipient);
  if (!secret) throw new SealingError('BAD_KEY', 'The recipient is a point of low order, which anybody could open; ask its owner for a real key.');
  const key = hkdfSha256({ secret, salt: concat(ephemeral.publicKey, recipient), info: INFO });
  return { type: TYPE, args: [base64nopad.encode(ephemeral.publicKey)], body: aead.seal(key, NONCE, fileKey) };
}

/**
 * The file key, if one of the stanzas is for one of the identities, else undefined.
 * Throws `BAD_HEADER` when an X25519 stanza is malformed, whoever it is for.
 */
export function unwrapForIdentities(stanzas: Stanza[], identities: Identity[]): Uint8Array | undefined {
  for (const stanza of stanzas) {
    if (stanza.type !== TYPE) continue;
    const share = parseShare(stanza);
    for (const identity of identities) {
      const fileKey = unwrap({ share, body: stanza.body, identity });
      if (fileKey) return fileKey;
    }
  }
  return undefined;
}

function parseShare(stanza: Stanza): Uint8Array {
  const share = stanza.args.length === 1 ? decodeBase64(stanza.args[0] ?? '') : undefined;
  // The body length is checked before decryption, so that no file fits two keys (age v1).
  if (share?.length === 32 && stanza.body.length === BODY_LENGTH) return share;
  throw new SealingError('BAD_HEADER', 'An X25519 stanza needs one 32-byte share and a 32-byte body; this is not an intact age v1 file.');
}

function unwrap(parameters: { share: Uint8Array; body: Uint8Array; identity: Identity }): Uint8Array | undefined {
  const { share, body, identity } = parameters;
  const secret = sharedSecret(identity.secretKey, share);
  if (!secret) throw new SealingError('BAD_HEADER', 'An X25519 stanza holds a point of low order; this is not an honest age v1 file.');
  const key = hkdfSha256({ secret, salt: concat(share, identity.publicKey), info: INFO });
  return aead.open(key, NONCE, body);
}
