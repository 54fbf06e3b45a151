import { concat } from './bytes.ts';
import { cutChunks } from './chunks.ts';
import { SealingError } from './errors.ts';
import { openFileKey, type Keys } from './fileKey.ts';
import { findHeaderEnd, parseHeader } from './header.ts';
import { openChunk, payloadKey, PAYLOAD_NONCE_LENGTH, SEALED_CHUNK_LENGTH } from './payload.ts';
import type { OnProgress } from './seal.ts';

export type UnsealParameters = Keys & { ciphertext: AsyncIterable<Uint8Array>; onProgress?: OnProgress | undefined };

/**
 * Opens an age v1 stream with the first key that fits, in constant memory. Every byte that it yields is
 * authenticated; but a stream is whole only once it has ended without a throw, so act on the end, not before.
 * Throws `WRONG_KEY`, `TRUNCATED`, `TAMPERED` (flipped, added or reordered bytes) or `BAD_HEADER`.
 *
 * @example
 * for await (const bytes of unseal({ ciphertext, thresholdSecret })) await file.write(bytes);
 */
export async function* unseal(parameters: UnsealParameters): AsyncGenerator<Uint8Array> {
  const { opening, headerLength, rest } = await takeOpening(parameters.ciphertext);
  try {
    const fileKey = openFileKey(parseHeader(opening), parameters);
    const key = payloadKey(fileKey, opening.subarray(headerLength));
    let index = 0;
    let done = 0;
    for await (const { bytes, last } of cutChunks(rest, SEALED_CHUNK_LENGTH)) {
      const plaintext = openChunk({ key, index, last, bytes });
      yield plaintext;
      index += 1;
      done += plaintext.length;
      parameters.onProgress?.(done);
    }
  } finally {
    await rest.return(undefined);
  }
}

type Opening = { opening: Uint8Array; headerLength: number; rest: AsyncGenerator<Uint8Array> };

/** Reads header and payload nonce off the front of a stream. */
async function takeOpening(source: AsyncIterable<Uint8Array>): Promise<Opening> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  try {
    for (;;) {
      const headerLength = findHeaderEnd(head);
      const length = (headerLength ?? Infinity) + PAYLOAD_NONCE_LENGTH;
      if (headerLength !== undefined && head.length >= length) {
        return { opening: head.slice(0, length), headerLength, rest: followedBy(head.subarray(length), iterator) };
      }
      const next = await iterator.next();
      if (next.done) throw new SealingError('TRUNCATED', 'The file ends before its first sealed chunk; fetch it again, whole.');
      head = head.length === 0 ? next.value : concat(head, next.value);
    }
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

async function* followedBy(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
