import { expect, test } from 'vitest';
import { codeOf } from '../test/streams.ts';
import { toHex } from './bytes.ts';
import { checkShareProof, proveShare, splitSecret, type Hex } from './index.ts';

const split = splitSecret({ threshold: 2, count: 3 });
const commitments = split.commitments.map(toHex);
const share = split.shares[1]!;
const claim = { commitments, binding: `0x${'01'.repeat(32)}` as Hex, nonce: `0x${'ab'.repeat(32)}` as Hex };
const proof = proveShare({ ...claim, share });

test('whoever holds a share can prove it, with another proof each time', () => {
  expect(checkShareProof({ ...claim, index: 2, proof })).toBe(true);
  expect(checkShareProof({ ...claim, nonce: claim.nonce.replaceAll('ab', 'AB') as Hex, index: 2, proof })).toBe(true);
  expect(proveShare({ ...claim, share })).not.toEqual(proof);
});

test('a proof is for one nonce, binding, holder and keyset', () => {
  const others = splitSecret({ threshold: 2, count: 3 }).commitments.map(toHex);
  for (const change of [{ nonce: '0x00' }, { binding: '0x00' }, { index: 1 }, { commitments: others }, { commitments: ['0x00'] }] as const) {
    expect(checkShareProof({ ...claim, index: 2, proof, ...change, commitments: 'commitments' in change ? [...change.commitments] as Hex[] : commitments })).toBe(false);
  }
});

test('nobody proves a share that it does not hold', () => {
  const wrong = proveShare({ ...claim, share: { ...split.shares[0]!, index: 2 } });
  expect(checkShareProof({ ...claim, index: 2, proof: wrong })).toBe(false);
  for (const field of ['point', 'value', 'blinding'] as const) {
    for (const bad of ['0x', '0x00', `0x${'ff'.repeat(32)}`, proof[field].replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), 'zz'] as Hex[]) {
      expect(checkShareProof({ ...claim, index: 2, proof: { ...proof, [field]: bad } })).toBe(false);
    }
  }
});

test('a proof says nothing of the share: anybody can make up one that looks the same, if it may choose the challenge', async () => {
  // What is sent is a point and two scalars that are uniform by themselves; the share's own bytes are not among them.
  const text = JSON.stringify(Array.from({ length: 50 }, () => proveShare({ ...claim, share })));
  expect(text).not.toContain(toHex(share.value).slice(2));
  expect(text).not.toContain(toHex(share.blinding).slice(2));
  expect(await codeOf(() => proveShare({ ...claim, share: { ...share, value: new Uint8Array(3) } }))).toBe('BAD_SHARE');
});
