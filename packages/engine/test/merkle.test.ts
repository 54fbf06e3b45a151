import { expect, test } from 'vitest';
import { sha256Hex } from '../src/hash.ts';
import { checkCheckpointProof, checkpointProof, firstDifference } from '../src/index.ts';
import { checkpointRoot } from '../src/run/merkle.ts';
import { bytesOf } from './spec.ts';

const digests = Array.from({ length: 20 }, (_, index) => sha256Hex(bytesOf(String(index))));
const flip = (digest: `0x${string}`): `0x${string}` => `0x${digest[2] === '0' ? '1' : '0'}${digest.slice(3)}`;
const join = (prefix: number, ...parts: `0x${string}`[]): `0x${string}` =>
  sha256Hex(Uint8Array.from([prefix, ...parts.flatMap((part) => [...Buffer.from(part.slice(2), 'hex')])]));

test('the tree of three is RFC 6962\'s', () => {
  const [a, b, c] = digests.slice(0, 3).map((digest) => join(0, digest));
  expect(checkpointRoot(digests.slice(0, 3))).toBe(join(1, join(1, a ?? '0x', b ?? '0x'), c ?? '0x'));
});

test('every proof of every tree up to 20 holds, and no changed one does', () => {
  for (let count = 1; count <= digests.length; count += 1) {
    const part = digests.slice(0, count);
    const root = checkpointRoot(part);
    for (const [index, digest] of part.entries()) {
      const proof = checkpointProof(part, index);
      const claim = { root, digest, index, count, proof };
      expect(checkCheckpointProof(claim)).toBe(true);
      expect(checkCheckpointProof({ ...claim, digest: flip(digest) })).toBe(false);
      expect(checkCheckpointProof({ ...claim, root: flip(root) })).toBe(false);
      expect(checkCheckpointProof({ ...claim, proof: [...proof, digest] })).toBe(false);
      expect(checkCheckpointProof({ ...claim, proof: proof.map((hash, at) => (at === 0 ? flip(hash) : hash)) })).toBe(proof.length === 0);
      for (let other = 0; other < count; other += 1) expect(checkCheckpointProof({ ...claim, index: other })).toBe(other === index);
      if (proof.length > 0) expect(checkCheckpointProof({ ...claim, proof: proof.slice(1) })).toBe(false);
    }
  }
});

test('malformed claims are false, missing indices are refused', () => {
  const claim = { root: checkpointRoot(digests), digest: digests[0] ?? '0x', index: 0, count: 20, proof: checkpointProof(digests, 0) };
  expect(checkCheckpointProof(claim)).toBe(true);
  expect(checkCheckpointProof({ ...claim, index: -1 })).toBe(false);
  expect(checkCheckpointProof({ ...claim, index: 20 })).toBe(false);
  expect(checkCheckpointProof({ ...claim, count: 0.5 })).toBe(false);
  expect(checkCheckpointProof({ ...claim, proof: ['0x12', ...claim.proof.slice(1)] })).toBe(false);
  expect(() => checkpointProof(digests, 20)).toThrow('There is no checkpoint 20: the indices are 0 to 19.');
  expect(() => checkpointRoot([])).toThrow('at least one digest');
});

test('the first difference of two runs', () => {
  expect(firstDifference(digests, [...digests])).toBeUndefined();
  expect(firstDifference(digests, digests.map((digest, index) => (index >= 4 ? flip(digest) : digest)))).toBe(4);
  expect(firstDifference(digests, digests.slice(0, 7))).toBe(7);
  expect(firstDifference([], [])).toBeUndefined();
});

test("SHA-256 is the standard's, by the host or not", () => {
  // Python: hashlib.sha256(bytes(i % 251 for i in range(n))).hexdigest()[:16]
  const digest = (length: number): string => sha256Hex(Uint8Array.from({ length }, (_, index) => index % 251)).slice(2, 18);
  expect([0, 3, 1_023, 1_024, 26_580].map(digest)).toEqual(['e3b0c44298fc1c14', 'ae4b3280e56e2faf', '1c5e88a585b61754', '2bce1ba628720664', '061526fb69f9ebd4']);
  expect(sha256Hex(new Uint8Array(5_000).subarray(1_000, 3_000))).toBe(sha256Hex(new Uint8Array(2_000)));
});
