import { expect, test } from 'vitest';
import { codeOf, collect, pieces, sampleBytes } from '../test/streams.ts';
import { sha256 } from './digest.ts';
import { readHeader, repeatableKeys, seal, thresholdStanza, unseal } from './index.ts';

const seed = sampleBytes(32, 1);
const content = sampleBytes(200_000);
const keysetDigest = `0x${'11'.repeat(32)}` as const;

test('the same content under the same seed has the same sealed chunks, under another secret too', async () => {
  const sealed = async (secret: Uint8Array): Promise<Uint8Array> => {
    const { fileKey, nonce } = repeatableKeys({ seed, sha256: sha256(content) });
    return collect(seal({ plaintext: pieces(content), fileKey, nonce, stanzas: [thresholdStanza({ secret, fileKey, keysetDigest })] }));
  };
  const [secret, other] = [sampleBytes(32, 2), sampleBytes(32, 3)];
  const [first, second] = [await sealed(secret), await sealed(other)];
  const { headerLength } = readHeader(first);
  expect(first).not.toEqual(second);
  expect(second.subarray(headerLength)).toEqual(first.subarray(headerLength));
  expect(await collect(unseal({ ciphertext: pieces(second), thresholdSecret: other }))).toEqual(content);
});

test('another seed or other content has another key and another nonce', async () => {
  const keys = [[seed, sha256(content)], [seed, sha256(content.subarray(1))], [sampleBytes(32, 4), sha256(content)]].map(([one, digest]) => repeatableKeys({ seed: one!, sha256: digest! }));
  expect(new Set(keys.flatMap(({ fileKey, nonce }) => [fileKey.join(), nonce.join()])).size).toBe(6);
  expect(keys.map(({ fileKey, nonce }) => [fileKey.length, nonce.length])).toEqual([[16, 16], [16, 16], [16, 16]]);
  expect(await codeOf(() => repeatableKeys({ seed: sampleBytes(31), sha256: sha256(content) }))).toBe('BAD_KEY');
  expect(await codeOf(() => repeatableKeys({ seed, sha256: sampleBytes(20) }))).toBe('BAD_KEY');
});
