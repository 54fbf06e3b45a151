import { scrypt } from '@noble/hashes/scrypt.js';
import { base64nopad } from '@scure/base';
import { aead } from './aead.ts';
import { concat, utf8 } from './bytes.ts';
import { SealingError } from './errors.ts';
import { decodeBase64, type Stanza } from './header.ts';

const TYPE = 'scrypt';
const LABEL = utf8('age-encryption.org/v1/scrypt');
// The wrapping key is used once, so age fixes the nonce to zero.
const NONCE = new Uint8Array(12);
const SALT_LENGTH = 16;
const BODY_LENGTH = 32;
/** 2^17 * 8 * 128 bytes are 128 MB of memory for each guess. */
const WORK = 17;
/** A file may not ask for more than 4 GB. */
const MOST_WORK = 22;

/** Wraps a file key under a passphrase (age v1, "The scrypt recipient type"); must be the only stanza. Throws `BAD_KEY` on an empty one. */
export function passphraseStanza(fileKey: Uint8Array, passphrase: string, work: number = WORK): Stanza {
  if (passphrase === '') throw new SealingError('BAD_KEY', 'The passphrase is empty; choose one of several words.');
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  return { type: TYPE, args: [base64nopad.encode(salt), String(work)], body: aead.seal(wrappingKey({ passphrase, salt, work }), NONCE, fileKey) };
}

/** The file key, if there is a passphrase stanza and this is its passphrase, else undefined. Throws `BAD_HEADER` on a malformed one. */
export function unwrapForPassphrase(stanzas: Stanza[], passphrase: string): Uint8Array | undefined {
  const stanza = stanzas.find(({ type }) => type === TYPE);
  if (!stanza) return undefined;
  const [encoded = '', digits = ''] = stanza.args;
  const salt = decodeBase64(encoded);
  const work = /^[1-9][0-9]?$/.test(digits) ? Number(digits) : Infinity;
  if (stanza.args.length !== 2 || salt?.length !== SALT_LENGTH || stanza.body.length !== BODY_LENGTH || work > MOST_WORK) {
    throw new SealingError('BAD_HEADER', `A scrypt stanza needs a 16-byte salt, a work factor of at most ${MOST_WORK} and a 32-byte body; this is not an intact age v1 file.`);
  }
  return aead.open(wrappingKey({ passphrase, salt, work }), NONCE, stanza.body);
}

function wrappingKey({ passphrase, salt, work }: { passphrase: string; salt: Uint8Array; work: number }): Uint8Array {
  return scrypt(utf8(passphrase), concat(LABEL, salt), { N: 2 ** work, r: 8, p: 1, dkLen: 32, maxmem: 2 ** 33 });
}
