import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLength, codeOf, collect, edgeLengths, pieces, sampleBytes } from '../test/streams.ts';
import { createFileKey, createIdentity, createRangeReader, plaintextSize, readHeader, recipientStanza, seal, unsealRange, type ReadAt } from './index.ts';

const identity = createIdentity();

async function sealed(plaintext: Uint8Array, fileKey: Uint8Array): Promise<Uint8Array> {
  return collect(seal({ plaintext: pieces(plaintext), fileKey, stanzas: [recipientStanza(fileKey, identity.publicKey)] }));
}

const readerOf = (file: Uint8Array): ReadAt => async (offset, length) => file.slice(offset, offset + length);

test('every range is the slice of the plaintext', async () => {
  const fileKey = createFileKey();
  for (const size of edgeLengths) {
    const plaintext = sampleBytes(size);
    const file = await sealed(plaintext, fileKey);
    const reader = await createRangeReader({ read: readerOf(file), size: file.length, fileKey });
    expect(reader.size).toBe(size);
    await fc.assert(fc.asyncProperty(anyLength, anyLength, async (offset, length) => {
      expect(Buffer.compare(await reader.read(offset, length), plaintext.subarray(offset, offset + length))).toBe(0);
    }), { numRuns: 40 });
  }
});

test('opens by identity, in one call', async () => {
  const plaintext = sampleBytes(200_000);
  const file = await sealed(plaintext, createFileKey());
  const bytes = await unsealRange({ read: readerOf(file), size: file.length, identities: [identity], offset: 65_530, length: 10 });
  expect(bytes).toEqual(plaintext.slice(65_530, 65_540));
});

test('reads no more than the header and the chunks that it needs', async () => {
  const file = await sealed(sampleBytes(1_000_000), createFileKey());
  const asked: number[][] = [];
  const read: ReadAt = async (offset, length) => {
    asked.push([offset, length]);
    return file.slice(offset, offset + length);
  };
  await unsealRange({ read, size: file.length, identities: [identity], offset: 130_000, length: 2000 });
  const start = readHeader(file).headerLength + 16;
  expect(asked).toEqual([[0, 4096], [start + 65_552, 2 * 65_552]]);
});

test('a header longer than the first read is read whole', async () => {
  const fileKey = createFileKey();
  const stanzas = Array.from({ length: 60 }, () => recipientStanza(fileKey, createIdentity().publicKey));
  const plaintext = sampleBytes(70_000);
  const file = await collect(seal({ plaintext: pieces(plaintext), fileKey, stanzas }));
  expect(readHeader(file).headerLength).toBeGreaterThan(4096);
  const bytes = await unsealRange({ read: readerOf(file), size: file.length, fileKey, offset: 65_000, length: 5000 });
  expect(bytes).toEqual(plaintext.slice(65_000, 70_000));
});

test('a file cut at any place is refused by a read that reaches its end', async () => {
  const fileKey = createFileKey();
  const file = await sealed(sampleBytes(140_000), fileKey);
  const start = readHeader(file).headerLength + 16;
  const anyCut = fc.oneof(fc.nat(file.length - 1), fc.constantFrom(start, start + 5, start + 65_552, start + 65_557, start + 2 * 65_552));
  await fc.assert(fc.asyncProperty(anyCut, fc.constantFrom(0, 1000, 139_999, 140_000, 500_000), async (size, offset) => {
    const cut = file.subarray(0, size);
    const code = await codeOf(() => unsealRange({ read: readerOf(cut), size, fileKey, offset, length: 140_000 }));
    expect(['TRUNCATED', 'TAMPERED']).toContain(code);
  }), { numRuns: 100 });
});

test('a flipped bit in a chunk that is read is refused', async () => {
  const fileKey = createFileKey();
  const file = await sealed(sampleBytes(200_000), fileKey);
  const start = readHeader(file).headerLength + 16;
  await fc.assert(fc.asyncProperty(fc.nat(65_551), fc.nat(7), async (at, bit) => {
    const flipped = Uint8Array.from(file);
    flipped[start + 65_552 + at]! ^= 1 << bit;
    expect(await codeOf(() => unsealRange({ read: readerOf(flipped), size: file.length, fileKey, offset: 70_000, length: 1 }))).toBe('TAMPERED');
    expect(await codeOf(() => unsealRange({ read: readerOf(flipped), size: file.length, fileKey, offset: 0, length: 65_536 }))).toBe('OK');
  }), { numRuns: 30 });
});

test('a bad range, a short read and a wrong key say so', async () => {
  const fileKey = createFileKey();
  const file = await sealed(sampleBytes(100), fileKey);
  const range = { read: readerOf(file), size: file.length, fileKey, offset: 0, length: 10 };
  expect(await codeOf(() => unsealRange({ ...range, offset: -1 }))).toBe('BAD_ARGUMENT');
  expect(await codeOf(() => unsealRange({ ...range, length: 1.5 }))).toBe('BAD_ARGUMENT');
  expect(await codeOf(() => unsealRange({ ...range, size: file.length + 1 }))).toBe('TRUNCATED');
  expect(await codeOf(() => unsealRange({ ...range, fileKey: createFileKey() }))).toBe('WRONG_KEY');
});

test('the size in the clear is known without a key', async () => {
  for (const size of edgeLengths) {
    const file = await sealed(sampleBytes(size), createFileKey());
    expect(await plaintextSize({ read: readerOf(file), size: file.length })).toBe(size);
  }
  expect(await codeOf(() => plaintextSize({ read: readerOf(new Uint8Array(10)), size: 10 }))).toBe('BAD_HEADER');
});
