import { sha256 as portable } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { sha256, sha256Hex } from '../src/hash.ts';

test('the host digests as the portable code does', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1_000, 100_003]) {
    const bytes = Uint8Array.from({ length: length + 3 }, (_, index) => (index * 37) & 255).subarray(3);
    expect(sha256(bytes)).toEqual(portable(bytes));
  }
  // FIPS 180-4, appendix of examples: "abc".
  expect(sha256Hex(new TextEncoder().encode('abc'))).toBe('0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
