import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleBytes } from '../test/streams.ts';
import { aead, nativeAead, portableAead } from './aead.ts';
import { createSha256, portableSha256 } from './digest.ts';

const anyBytes = fc.uint8Array({ maxLength: 3000 });

test('Node uses OpenSSL, and what browsers use gives the same bytes', () => {
  expect(aead).toBe(nativeAead);
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ minLength: 12, maxLength: 12 }), anyBytes, (key, nonce, plaintext) => {
    const sealed = portableAead.seal(key, nonce, plaintext);
    expect(sealed).toEqual(aead.seal(key, nonce, plaintext));
    expect(portableAead.open(key, nonce, sealed)).toEqual(plaintext);
    expect(aead.open(key, nonce, sealed)).toEqual(plaintext);
  }));
});

test('both refuse a flipped bit and a short input', () => {
  const key = sampleBytes(32);
  const nonce = sampleBytes(12, 2);
  const sealed = aead.seal(key, nonce, sampleBytes(33));
  for (const { open } of [aead, portableAead]) {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Uint8Array.from(sealed);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(open(key, nonce, flipped)).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++) expect(open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
  }
});

test('both give the same sha256, however the bytes are cut', () => {
  fc.assert(fc.property(fc.array(anyBytes, { maxLength: 5 }), (parts) => {
    const [a, b] = [createSha256(), portableSha256()];
    for (const part of parts) {
      a.update(part);
      b.update(part);
    }
    expect(a.digest()).toEqual(b.digest());
  }));
});
