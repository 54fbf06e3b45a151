import { aead, TAG_LENGTH } from './aead.ts';
import { utf8 } from './bytes.ts';
import { hkdfSha256 } from './digest.ts';
import { SealingError } from './errors.ts';

/** Plaintext bytes in one sealed chunk (age v1, "Payload": STREAM with 64 KiB chunks). */
export const CHUNK_LENGTH = 64 * 1024;
export const SEALED_CHUNK_LENGTH = CHUNK_LENGTH + TAG_LENGTH;
export const PAYLOAD_NONCE_LENGTH = 16;

const INFO = utf8('payload');

export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return hkdfSha256({ secret: fileKey, salt: nonce, info: INFO });
}

// 11 bytes of big-endian counter, then 1 on the final chunk. 2^53 chunks are more than any file has.
function chunkNonce(index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Seals chunk `index`, in one piece or several; `bytes` are `CHUNK_LENGTH` long unless it is the last. */
export function sealChunk({ key, index, last, bytes }: { key: Uint8Array; index: number; last: boolean; bytes: Uint8Array }): Uint8Array[] {
  const nonce = chunkNonce(index, last);
  return aead.sealPieces?.(key, nonce, bytes) ?? [aead.seal(key, nonce, bytes)];
}

/** Opens chunk `index`, or throws `TRUNCATED` or `TAMPERED` saying what is wrong with it. */
export function openChunk(parameters: { key: Uint8Array; index: number; last: boolean; bytes: Uint8Array }): Uint8Array {
  const { key, index, last, bytes } = parameters;
  if (bytes.length < TAG_LENGTH) throw cutShort(index);
  if (bytes.length === TAG_LENGTH && index > 0) throw new SealingError('TAMPERED', `Sealed chunk ${index} is empty, which only an empty file may have; fetch the file again.`);
  const plaintext = aead.open(key, chunkNonce(index, last), bytes);
  if (plaintext) return plaintext;
  if (aead.open(key, chunkNonce(index, !last), bytes)) throw last ? cutShort(index) : trailing(index);
  throw new SealingError('TAMPERED', `Sealed chunk ${index} fails authentication: it was changed or cut short; fetch the file again and compare its digest.`);
}

function cutShort(index: number): SealingError {
  return new SealingError('TRUNCATED', `The file ends at sealed chunk ${index}, before its final chunk; fetch it again, whole.`);
}

function trailing(index: number): SealingError {
  return new SealingError('TAMPERED', `Bytes follow the final sealed chunk ${index}; fetch the file again and compare its digest.`);
}
