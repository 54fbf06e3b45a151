import { secp256k1 } from '@noble/curves/secp256k1.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf, sampleBytes } from '../test/streams.ts';
import { checkShare, combineShares, createIdentity, openShare, pedersenGenerator, sealShare, SEALED_SHARE_LENGTH, splitSecret, type Share } from './index.ts';
import { toHex, utf8 } from './bytes.ts';
import { decodeScalar, encodeScalar, interpolateAtZero } from './pedersen.ts';

const anySplit = fc.integer({ min: 1, max: 6 }).chain((count) => fc.record({ count: fc.constant(count), threshold: fc.integer({ min: 1, max: count }) }));
const run = { numRuns: 15 };

function damage(share: Share, field: 'value' | 'blinding'): Share {
  const bytes = Uint8Array.from(share[field]);
  bytes[31]! ^= 1;
  return { ...share, [field]: bytes };
}

test('the second generator is what its tag and message hash to', () => {
  expect(toHex(pedersenGenerator())).toMatchInlineSnapshot(`"0x03bb67758df9c78048cb9584e4267c36322f7a0d77714b0b5399741c93546dbcd3"`);
});

test('any threshold of true shares gives the secret, in any order', () => {
  fc.assert(fc.property(anySplit.chain((split) => fc.tuple(fc.constant(split), fc.shuffledSubarray(Array.from({ length: split.count }, (_, i) => i), { minLength: split.threshold }))), ([split, chosen]) => {
    const { secret, commitments, shares } = splitSecret(split);
    expect(commitments).toHaveLength(split.threshold);
    expect(combineShares(chosen.map((i) => shares[i]!), commitments)).toEqual(secret);
  }), run);
});

test('fewer than the threshold never do, even with repeats, forgeries or others\' shares', async () => {
  await fc.assert(fc.asyncProperty(anySplit, async (split) => {
    const { commitments, shares } = splitSecret(split);
    const few = shares.slice(0, split.threshold - 1);
    expect(await codeOf(() => combineShares(few, commitments))).toBe('NOT_ENOUGH_SHARES');
    expect(await codeOf(() => combineShares([...few, ...few], commitments))).toBe('NOT_ENOUGH_SHARES');
    const stranger = splitSecret(split).shares[split.threshold - 1]!;
    expect(await codeOf(() => combineShares([...few, stranger], commitments))).toBe('BAD_SHARE');
  }), run);
});

test('interpolating fewer than the threshold, without any check, gives something else', () => {
  fc.assert(fc.property(anySplit, (split) => {
    const { secret, shares } = splitSecret(split);
    const points = shares.map(({ index, value }) => ({ index, value: decodeScalar(value)! }));
    expect(encodeScalar(interpolateAtZero(points.slice(0, split.threshold - 1)))).not.toEqual(secret);
    expect(encodeScalar(interpolateAtZero(points.slice(-split.threshold)))).toEqual(secret);
  }), run);
});

test('a false share is found and named', () => {
  const { commitments, shares } = splitSecret({ threshold: 3, count: 5 });
  for (const field of ['value', 'blinding'] as const) {
    const bad = damage(shares[3]!, field);
    expect(checkShare(bad, commitments)).toBe(false);
    expect(() => combineShares([...shares.slice(0, 3), bad], commitments)).toThrow(/Share 4 /);
  }
  const renamed = { ...shares[0]!, index: 2 };
  expect(checkShare(renamed, commitments)).toBe(false);
  expect(() => combineShares([shares[1]!, renamed, shares[2]!, shares[3]!], commitments)).toThrow(/Share 2 /);
});

test('malformed shares are false, malformed commitments an error', async () => {
  const { commitments, shares } = splitSecret({ threshold: 2, count: 2 });
  const share = shares[0]!;
  const tooLarge = new Uint8Array(32).fill(255);
  for (const bad of [{ ...share, index: 0 }, { ...share, index: 1.5 }, { ...share, index: 257 }, { ...share, value: tooLarge }, { ...share, value: sampleBytes(31) }]) {
    expect(checkShare(bad, commitments)).toBe(false);
  }
  expect(await codeOf(() => checkShare(share, [commitments[0]!, sampleBytes(33)]))).toBe('BAD_KEYSET');
  expect(await codeOf(() => checkShare(share, []))).toBe('BAD_KEYSET');
  expect(await codeOf(() => combineShares([], []))).toBe('NOT_ENOUGH_SHARES');
});

test('a zero scalar is a scalar', () => {
  const { commitments } = splitSecret({ threshold: 1, count: 1 });
  expect(checkShare({ index: 1, value: new Uint8Array(32), blinding: new Uint8Array(32) }, commitments)).toBe(false);
});

test('a contract could check an opened share with ecrecover', () => {
  const { commitments, shares } = splitSecret({ threshold: 1, count: 1 });
  const { Fn, Fp } = secp256k1.Point;
  const generator = secp256k1.Point.fromBytes(pedersenGenerator());
  const [a, b] = [decodeScalar(shares[0]!.value)!, decodeScalar(shares[0]!.blinding)!];
  const h = Fn.create(generator.x);
  const signature = new secp256k1.Signature(h, Fn.mul(b, h)).addRecoveryBit(Fp.isOdd!(generator.y) ? 1 : 0);
  const recovered = signature.recoverPublicKey(Fn.toBytes(Fn.neg(Fn.mul(a, h))));
  expect(recovered.toBytes(true)).toEqual(commitments[0]);
});

test('sizes that make no sense are refused', async () => {
  for (const [threshold, count] of [[0, 1], [2, 1], [1, 256], [1.5, 2], [1, Number.NaN]] as const) {
    expect(await codeOf(() => splitSecret({ threshold, count }))).toBe('BAD_ARGUMENT');
  }
});

test('a sealed share opens for its key and context only', async () => {
  const { shares } = splitSecret({ threshold: 1, count: 1 });
  const identity = createIdentity();
  const context = utf8('order 1');
  const sealed = await sealShare({ share: shares[0]!, recipient: identity.publicKey, context });
  expect(sealed).toHaveLength(SEALED_SHARE_LENGTH);
  expect(await openShare({ sealed, identity, context })).toEqual(shares[0]);
  expect(await codeOf(() => openShare({ sealed, identity: createIdentity(), context }))).toBe('WRONG_KEY');
  expect(await codeOf(() => openShare({ sealed, identity, context: utf8('order 2') }))).toBe('WRONG_KEY');
  expect(await codeOf(() => openShare({ sealed: sealed.subarray(1), identity, context }))).toBe('BAD_SHARE');
  for (let at = 0; at < sealed.length; at++) {
    const flipped = Uint8Array.from(sealed);
    flipped[at]! ^= 1 << (at & 7);
    expect([at, await codeOf(() => openShare({ sealed: flipped, identity, context }))]).toEqual([at, 'WRONG_KEY']);
  }
});

test('a share is not sealed to nobody', async () => {
  const { shares } = splitSecret({ threshold: 1, count: 1 });
  const context = new Uint8Array(0);
  expect(await codeOf(() => sealShare({ share: shares[0]!, recipient: new Uint8Array(32), context }))).toBe('BAD_KEY');
  expect(await codeOf(() => sealShare({ share: shares[0]!, recipient: sampleBytes(31), context }))).toBe('BAD_KEY');
  expect(await codeOf(() => sealShare({ share: { ...shares[0]!, index: 0 }, recipient: createIdentity().publicKey, context }))).toBe('BAD_SHARE');
});
