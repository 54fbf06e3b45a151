import { concat, expectKey } from './bytes.ts';
import { cutChunks } from './chunks.ts';
import { SealingError } from './errors.ts';
import { encodeHeader, type Stanza } from './header.ts';
import { CHUNK_LENGTH, payloadKey, PAYLOAD_NONCE_LENGTH, sealChunk } from './payload.ts';
import { passphraseStanza } from './passphraseStanza.ts';
import { recipientStanza } from './recipientStanza.ts';

/** Told the number of plaintext bytes done so far, once per chunk. */
export type OnProgress = (bytes: number) => void;

export type SealParameters = {
  plaintext: AsyncIterable<Uint8Array>;
  /** 16 random bytes, never used for another file; see {@link createFileKey}. */
  fileKey: Uint8Array;
  stanzas: Stanza[];
  /** 16 bytes, random by default; given only together with a file key of {@link repeatableKeys}. */
  nonce?: Uint8Array | undefined;
  onProgress?: OnProgress | undefined;
};

/** 16 fresh random bytes. */
export function createFileKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}

/**
 * Seals a stream in the age v1 format (https://age-encryption.org/v1): header, then 64 KiB chunks of
 * ChaCha20-Poly1305. Memory stays constant whatever the size. Throws `BAD_KEY` or `BAD_HEADER` at once.
 *
 * @example
 * const fileKey = createFileKey();
 * const stanzas = [thresholdStanza({ secret, fileKey, keysetDigest })];
 * for await (const bytes of seal({ plaintext, fileKey, stanzas })) await file.write(bytes);
 */
export function seal(parameters: SealParameters): AsyncIterable<Uint8Array> {
  const fileKey = expectKey(parameters.fileKey, 16, 'The file key');
  const nonce = expectKey(parameters.nonce ?? crypto.getRandomValues(new Uint8Array(PAYLOAD_NONCE_LENGTH)), PAYLOAD_NONCE_LENGTH, 'The payload nonce');
  const opening = concat(encodeHeader(fileKey, parameters.stanzas), nonce);
  return sealChunks({ ...parameters, opening, key: payloadKey(fileKey, nonce) });
}

async function* sealChunks(parameters: SealParameters & { opening: Uint8Array; key: Uint8Array }): AsyncGenerator<Uint8Array> {
  yield parameters.opening;
  let index = 0;
  let done = 0;
  for await (const { bytes, last } of cutChunks(parameters.plaintext, CHUNK_LENGTH)) {
    for (const piece of sealChunk({ key: parameters.key, index, last, bytes })) yield piece;
    index += 1;
    done += bytes.length;
    parameters.onProgress?.(done);
  }
}

/**
 * Seals a stream to X25519 recipients, under a fresh file key unless `keys` of {@link repeatableKeys} are given; the stock `age` tool opens the result.
 * Throws `BAD_KEY` on a recipient that is not 32 bytes or of low order, `BAD_ARGUMENT` on none.
 */
export function sealToRecipients(parameters: {
  plaintext: AsyncIterable<Uint8Array>;
  recipients: Uint8Array[];
  keys?: { fileKey: Uint8Array; nonce: Uint8Array } | undefined;
  onProgress?: OnProgress | undefined;
}): AsyncIterable<Uint8Array> {
  if (parameters.recipients.length === 0) throw new SealingError('BAD_ARGUMENT', 'No recipient was given, so nobody could open the file; pass at least one.');
  const { fileKey, nonce } = parameters.keys ?? { fileKey: createFileKey(), nonce: undefined };
  const stanzas = parameters.recipients.map((recipient) => recipientStanza(fileKey, recipient));
  return seal({ plaintext: parameters.plaintext, fileKey, nonce, stanzas, onProgress: parameters.onProgress });
}

/** Seals a stream under a passphrase and a fresh file key; the stock `age` tool opens the result. Throws `BAD_KEY` on an empty one. */
export function sealToPassphrase(parameters: { plaintext: AsyncIterable<Uint8Array>; passphrase: string; work?: number }): AsyncIterable<Uint8Array> {
  const fileKey = createFileKey();
  return seal({ plaintext: parameters.plaintext, fileKey, stanzas: [passphraseStanza(fileKey, parameters.passphrase, parameters.work)] });
}
