import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySizes, codeOf, pieces, sampleBytes } from '../test/streams.ts';
import { checkContent, CONTENT_CHUNK_LENGTH, contentLeaf, contentLeafSalt, contentRootOf, createContentHasher, type ContentDigests } from './index.ts';

const secret = sampleBytes(32, 9);
const sha = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

function digestsOf(bytes: Uint8Array, key = secret): ContentDigests {
  const hasher = createContentHasher(key);
  hasher.update(bytes);
  return hasher.finish();
}

/** RFC 6962 section 2.1 as it is written, recursion and all. */
function slowRoot(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha(Buffer.of(1), slowRoot(leaves.slice(0, split)), slowRoot(leaves.slice(split)));
}

function slowContentRoot(bytes: Uint8Array): string {
  const count = Math.max(1, Math.ceil(bytes.length / CONTENT_CHUNK_LENGTH));
  const leaves = Array.from({ length: count }, (_, i) => sha(Buffer.of(0), contentLeafSalt(secret, i), bytes.subarray(i * CONTENT_CHUNK_LENGTH, (i + 1) * CONTENT_CHUNK_LENGTH)));
  return `0x${slowRoot(leaves).toString('hex')}`;
}

test('a known plaintext', () => {
  expect(digestsOf(new TextEncoder().encode('a,b\n1,2\n'))).toMatchInlineSnapshot(`
    {
      "contentCommitment": "0x1e1708b870b4afded555e9c9db5b3726461cb8180f1592af8e63a8b73b7efa43",
      "contentRoot": "0xa35b79c2124ca07e6867839448c1b0de4b12e48f0e7dd8a220bad856c773c836",
      "sha256": "0x492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470",
      "size": 8,
    }
  `);
  expect(digestsOf(new Uint8Array(0))).toMatchInlineSnapshot(`
    {
      "contentCommitment": "0xd99e715546e8ece5db07ed0db1e383efdff2946e85c89a0c732c68f8e76d02a1",
      "contentRoot": "0x113df95136c5999896d915c0a762554e923c545c21ca79b48047b20aff32459e",
      "sha256": "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "size": 0,
    }
  `);
});

test('the root is RFC 6962\'s, for every shape of tree', () => {
  const M = CONTENT_CHUNK_LENGTH;
  for (const length of [0, 1, M - 1, M, M + 1, 2 * M, 3 * M, 3 * M + 5, 4 * M, 5 * M, 6 * M + 1, 7 * M, 8 * M + 1]) {
    const bytes = sampleBytes(length);
    expect([length, digestsOf(bytes).contentRoot]).toEqual([length, slowContentRoot(bytes)]);
  }
});

test('the pieces do not matter', () => {
  const bytes = sampleBytes(2_500_000);
  const expected = digestsOf(bytes);
  fc.assert(fc.property(anySizes, (sizes) => {
    const hasher = createContentHasher(secret);
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = sizes[i % sizes.length] ?? 777_777;
      hasher.update(bytes.subarray(at, at + size));
      at += size;
    }
    expect(hasher.finish()).toEqual(expected);
  }), { numRuns: 20 });
});

test('without the secret nothing public can be guessed, not even emptiness', () => {
  const bytes = new TextEncoder().encode('yes');
  const [a, b] = [digestsOf(bytes), digestsOf(bytes, sampleBytes(32, 10))];
  expect(a.sha256).toBe(b.sha256);
  expect(a.contentRoot).not.toBe(b.contentRoot);
  expect(a.contentCommitment).not.toBe(b.contentCommitment);
  expect(digestsOf(new Uint8Array(0)).contentRoot).not.toBe(digestsOf(new Uint8Array(0), sampleBytes(32, 10)).contentRoot);
});

test('a check passes the true content and names what differs', async () => {
  const bytes = sampleBytes(1_200_000);
  const expected = digestsOf(bytes);
  expect(await checkContent({ plaintext: pieces(bytes, [1000]), secret, expected })).toEqual(expected);
  const other = Uint8Array.from(bytes);
  other[1_100_000]! ^= 1;
  await expect(checkContent({ plaintext: pieces(other), secret, expected })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  await expect(checkContent({ plaintext: pieces(bytes), secret, expected: { ...expected, contentCommitment: '0x00' } })).rejects.toThrow(/contentCommitment/);
  expect(await codeOf(() => createContentHasher(sampleBytes(31)))).toBe('BAD_KEY');
});

test('leaves that were made one by one give the same root', () => {
  for (const size of [0, 1, CONTENT_CHUNK_LENGTH, CONTENT_CHUNK_LENGTH + 1, 5 * CONTENT_CHUNK_LENGTH - 3]) {
    const bytes = sampleBytes(size);
    const count = Math.max(1, Math.ceil(size / CONTENT_CHUNK_LENGTH));
    const leaves = Array.from({ length: count }, (_, index) => contentLeaf({ secret, index, bytes: bytes.subarray(index * CONTENT_CHUNK_LENGTH, (index + 1) * CONTENT_CHUNK_LENGTH) }));
    expect(contentRootOf(leaves)).toBe(digestsOf(bytes).contentRoot);
  }
});
