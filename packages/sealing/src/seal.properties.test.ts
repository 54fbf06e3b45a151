import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLength, anySizes, collect, drain, pieces, sampleBytes } from '../test/streams.ts';
import { createFileKey, createIdentity, seal, sealToRecipients, splitSecret, thresholdStanza, unseal } from './index.ts';

const keysetDigest = `0x${'5a'.repeat(32)}` as const;
const { secret } = splitSecret({ threshold: 2, count: 3 });

async function sealed(plaintext: AsyncIterable<Uint8Array>, fileKey: Uint8Array): Promise<Uint8Array> {
  return collect(seal({ plaintext, fileKey, stanzas: [thresholdStanza({ secret, fileKey, keysetDigest })] }));
}

test('any bytes in any pieces come back', async () => {
  await fc.assert(fc.asyncProperty(anyLength, anySizes, anySizes, fc.integer(), async (length, sizesIn, sizesOut, seed) => {
    const plaintext = sampleBytes(length, seed);
    const file = await sealed(pieces(plaintext, sizesIn), createFileKey());
    const back = await collect(unseal({ ciphertext: pieces(file, sizesOut), thresholdSecret: secret }));
    expect(Buffer.compare(back, plaintext)).toBe(0);
  }), { numRuns: 60 });
});

test('a producer may reuse its buffer', async () => {
  const plaintext = sampleBytes(300_000);
  const buffer = new Uint8Array(50_000);
  async function* reusing(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < plaintext.length; at += buffer.length) {
      buffer.set(plaintext.subarray(at, at + buffer.length));
      yield buffer;
    }
  }
  const file = await sealed(reusing(), createFileKey());
  expect(Buffer.compare(await collect(unseal({ ciphertext: pieces(file), thresholdSecret: secret })), plaintext)).toBe(0);
});

test('every flipped bit of a small file is refused, and nothing false comes out', async () => {
  const plaintext = sampleBytes(40);
  const fileKey = createFileKey();
  const file = await sealed(pieces(plaintext), fileKey);
  for (let bit = 0; bit < file.length * 8; bit++) {
    const flipped = Uint8Array.from(file);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    for (const keys of [{ fileKey }, { thresholdSecret: secret }]) {
      const { bytes, code } = await drain(unseal({ ciphertext: pieces(flipped), ...keys }));
      expect({ bit, code, length: bytes.length }).not.toMatchObject({ code: 'OK' });
      expect(bytes).toHaveLength(0);
    }
  }
});

test('a flipped bit anywhere in a larger file is refused after a true prefix', async () => {
  const plaintext = sampleBytes(150_000);
  const identity = createIdentity();
  const file = await collect(sealToRecipients({ plaintext: pieces(plaintext), recipients: [identity.publicKey] }));
  await fc.assert(fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), anySizes, async (at, bit, sizes) => {
    const flipped = Uint8Array.from(file);
    flipped[at]! ^= 1 << bit;
    const { bytes, code } = await drain(unseal({ ciphertext: pieces(flipped, sizes), identities: [identity] }));
    expect(code).not.toBe('OK');
    expect(Buffer.compare(bytes, plaintext.subarray(0, bytes.length))).toBe(0);
  }), { numRuns: 150 });
});

test('a file cut anywhere, or with anything behind it, is refused', async () => {
  const plaintext = sampleBytes(140_000);
  const fileKey = createFileKey();
  const file = await sealed(pieces(plaintext), fileKey);
  const payload = file.length - (140_000 + 3 * 16);
  const boundaries = [0, 1, 21, 22, payload - 16, payload, payload + 15, payload + 16, payload + 65_552, payload + 2 * 65_552, file.length - 1];
  await fc.assert(fc.asyncProperty(fc.oneof(fc.constantFrom(...boundaries), fc.nat(file.length - 1)), async (length) => {
    const { bytes, code } = await drain(unseal({ ciphertext: pieces(file.subarray(0, length)), fileKey }));
    expect(['TRUNCATED', 'TAMPERED']).toContain(code);
    expect(Buffer.compare(bytes, plaintext.subarray(0, bytes.length))).toBe(0);
  }), { numRuns: 100 });
  await fc.assert(fc.asyncProperty(fc.oneof(fc.constantFrom(1, 16, 65_552), fc.integer({ min: 1, max: 140_000 })), async (extra) => {
    const longer = Buffer.concat([file, sampleBytes(extra)]);
    expect((await drain(unseal({ ciphertext: pieces(longer), fileKey }))).code).toBe('TAMPERED');
  }), { numRuns: 40 });
});

test('swapped, repeated and dropped chunks are refused', async () => {
  const fileKey = createFileKey();
  const file = await sealed(pieces(sampleBytes(4 * 65_536)), fileKey);
  const start = file.length - 4 * 65_552;
  const chunk = (index: number): Uint8Array => file.subarray(start + index * 65_552, start + (index + 1) * 65_552);
  for (const order of [[1, 0, 2, 3], [0, 0, 1, 2, 3], [0, 2, 3], [0, 1, 2], [3], [0, 1, 2, 3, 3]]) {
    const changed = Buffer.concat([file.subarray(0, start), ...order.map(chunk)]);
    expect((await drain(unseal({ ciphertext: pieces(changed), fileKey }))).code).not.toBe('OK');
  }
});
