import { TAG_LENGTH } from './aead.ts';
import { SealingError } from './errors.ts';
import { openFileKey, type Keys } from './fileKey.ts';
import { findHeaderEnd, MAX_HEADER_LENGTH, parseHeader } from './header.ts';
import { CHUNK_LENGTH, openChunk, payloadKey, PAYLOAD_NONCE_LENGTH, SEALED_CHUNK_LENGTH } from './payload.ts';

/** Gives exactly `length` ciphertext bytes from `offset`. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** A sealed file whose header is read and whose key is known. `size` is the plaintext's, in bytes. */
export type RangeReader = { size: number; read(offset: number, length: number): Promise<Uint8Array> };

const FIRST_READ = 4096;

type Layout = { key: Uint8Array; start: number; end: number; chunks: number; size: number };

/**
 * Opens a sealed file for reads at any place; `size` is the ciphertext's. Reads only the chunks that a range
 * touches. A read that reaches the end has authenticated the last chunk, so a file cut short is refused there;
 * `size` itself is a claim until then. Throws as {@link unseal} does, and `BAD_ARGUMENT` on a bad range.
 */
export async function createRangeReader(parameters: Keys & { read: ReadAt; size: number }): Promise<RangeReader> {
  const { read } = parameters;
  const { opening, header, ...places } = await readPlaces(parameters);
  const key = payloadKey(openFileKey(header, parameters), await nonceOf({ opening, headerLength: header.headerLength, read }));
  const layout: Layout = { key, ...places };
  return { size: layout.size, read: (offset, length) => readRange({ layout, read, offset, length }) };
}

/** How many bytes a sealed file of `size` holds in the clear, from its header alone: no key is needed, and nothing is proved. Throws `BAD_HEADER`, `TRUNCATED`. */
export async function plaintextSize(parameters: { read: ReadAt; size: number }): Promise<number> {
  return (await readPlaces(parameters)).size;
}

type Places = Omit<Layout, 'key'> & { opening: Uint8Array; header: ReturnType<typeof parseHeader> };

async function readPlaces({ read, size: end }: { read: ReadAt; size: number }): Promise<Places> {
  const opening = await readOpening(read, end);
  const header = parseHeader(opening);
  const start = header.headerLength + PAYLOAD_NONCE_LENGTH;
  if (end <= start) throw truncated();
  const chunks = Math.ceil((end - start) / SEALED_CHUNK_LENGTH);
  if (end - start - (chunks - 1) * SEALED_CHUNK_LENGTH < TAG_LENGTH) throw truncated();
  return { opening, header, start, end, chunks, size: end - start - chunks * TAG_LENGTH };
}

/**
 * The plaintext bytes from `offset`, at most `length` of them: fewer where the file ends, as `slice` does.
 * For many ranges of one file use {@link createRangeReader}, which reads the header once.
 */
export async function unsealRange(parameters: Keys & { read: ReadAt; size: number; offset: number; length: number }): Promise<Uint8Array> {
  const reader = await createRangeReader(parameters);
  return reader.read(parameters.offset, parameters.length);
}

async function readRange(parameters: { layout: Layout; read: ReadAt; offset: number; length: number }): Promise<Uint8Array> {
  const { layout, read, offset, length } = parameters;
  if (![offset, length].every((value) => Number.isSafeInteger(value) && value >= 0)) throw new SealingError('BAD_ARGUMENT', `The range at ${offset} of length ${length} is not made of non-negative integers; pass byte counts.`);
  const end = Math.min(offset + length, layout.size);
  const lastChunk = layout.chunks - 1;
  // At or past the end, the last chunk is opened even for no bytes: only it proves where the file ends.
  const first = Math.min(Math.floor(offset / CHUNK_LENGTH), lastChunk);
  const final = offset + length >= layout.size ? lastChunk : Math.floor(Math.max(end - 1, offset) / CHUNK_LENGTH);
  const plaintext = await readChunks({ layout, read, first, final });
  const base = first * CHUNK_LENGTH;
  return plaintext.slice(Math.min(offset, layout.size) - base, Math.max(end, Math.min(offset, layout.size)) - base);
}

async function readChunks(parameters: { layout: Layout; read: ReadAt; first: number; final: number }): Promise<Uint8Array> {
  const { layout, read, first, final } = parameters;
  const from = layout.start + first * SEALED_CHUNK_LENGTH;
  const sealed = await readExactly(read, from, Math.min(layout.end, layout.start + (final + 1) * SEALED_CHUNK_LENGTH) - from);
  const plaintext = new Uint8Array(sealed.length - (final - first + 1) * TAG_LENGTH);
  for (let index = first; index <= final; index++) {
    const at = (index - first) * SEALED_CHUNK_LENGTH;
    const bytes = sealed.subarray(at, at + SEALED_CHUNK_LENGTH);
    plaintext.set(openChunk({ key: layout.key, index, last: index === layout.chunks - 1, bytes }), (index - first) * CHUNK_LENGTH);
  }
  return plaintext;
}

async function readOpening(read: ReadAt, size: number): Promise<Uint8Array> {
  for (let length = Math.min(size, FIRST_READ); ; length = Math.min(size, length * 4)) {
    const opening = await readExactly(read, 0, length);
    if (findHeaderEnd(opening) !== undefined || length === size || length > MAX_HEADER_LENGTH) return opening;
  }
}

async function nonceOf(parameters: { opening: Uint8Array; headerLength: number; read: ReadAt }): Promise<Uint8Array> {
  const { opening, headerLength, read } = parameters;
  const end = headerLength + PAYLOAD_NONCE_LENGTH;
  return opening.length >= end ? opening.subarray(headerLength, end) : readExactly(read, headerLength, PAYLOAD_NONCE_LENGTH);
}

async function readExactly(read: ReadAt, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await read(offset, length);
  if (bytes.length === length) return bytes;
  throw new SealingError('TRUNCATED', `Asked for ${length} sealed bytes at ${offset} and got ${bytes.length}; fetch the file again, whole.`);
}

function truncated(): SealingError {
  return new SealingError('TRUNCATED', 'The file ends inside a sealed chunk; fetch it again, whole.');
}
