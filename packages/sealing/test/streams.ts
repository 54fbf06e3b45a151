import * as fc from 'fast-check';
import { concat } from '../src/bytes.ts';
import { SealingError, type SealingErrorCode } from '../src/index.ts';

/** A stream of `bytes` in pieces of the given sizes, over and over; one piece when there are none. */
export async function* pieces(bytes: Uint8Array, sizes: number[] = []): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (let i = 0; offset < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[i % sizes.length] ?? 1);
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return concat(...parts);
}

/** What came out before the end, and the code of what was thrown, if anything. */
export async function drain(stream: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; code: SealingErrorCode | 'OK' }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of stream) parts.push(part);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return { bytes: concat(...parts), code: error.code };
  }
  return { bytes: concat(...parts), code: 'OK' };
}

/** Runs `action` and gives the code that it throws, `OK` if it does not. */
export async function codeOf(action: () => unknown): Promise<SealingErrorCode | 'OK'> {
  try {
    await action();
    return 'OK';
  } catch (error) {
    if (error instanceof SealingError) return error.code;
    throw error;
  }
}

/** Bytes that do not repeat with any chunk size, cheap to make. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Lengths around what matters in a format of 64 KiB chunks. */
export const edgeLengths = [0, 1, 15, 16, 65_519, 65_520, 65_535, 65_536, 65_537, 65_552, 131_071, 131_072, 131_073, 200_000];

export const anyLength = fc.oneof(fc.constantFrom(...edgeLengths), fc.integer({ min: 0, max: 200_000 }));
export const anySizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.constantFrom(0, 1000, 65_536, 65_552)), { maxLength: 5 })
  .filter((sizes) => sizes.length === 0 || sizes.reduce((sum, size) => sum + size, 0) >= 500);
