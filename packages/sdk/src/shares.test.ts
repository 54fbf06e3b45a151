import { createIdentity, createKeyset, grantContext, sealShare, splitSecret } from '@neurodata/sealing';
import { type Hex, bytesToHex } from 'viem';
import { expect, test } from 'vitest';
import { combine, openGrantedShare } from './shares.ts';

const proofId: Hex = `0x01${'ab'.repeat(31)}`;

async function granted() {
  const buyer = createIdentity();
  const split = splitSecret({ threshold: 2, count: 3 });
  const { keyset } = await createKeyset({ split, binding: '0x', members: [7, 8, 9].map((validatorId) => ({ validatorId, recipient: createIdentity().publicKey })) });
  const grant = async (position: number, validatorId: number): Promise<{ validatorId: number; sealedShare: Hex }> => {
    const sealed = await sealShare({ share: split.shares[position]!, recipient: buyer.publicKey, context: grantContext(proofId, validatorId) });
    return { validatorId, sealedShare: bytesToHex(sealed) };
  };
  return { buyer, split, keyset, grant };
}

test('good shares combine to the secret; every kind of bad one is named and left out', async () => {
  const { buyer: identity, split, keyset, grant } = await granted();
  const open = (share: { validatorId: number; sealedShare: Hex }) => openGrantedShare({ keyset, proofId, identity, granted: share });
  const first = await open(await grant(0, 7));
  const third = await open(await grant(2, 9));
  if (typeof first === 'string' || typeof third === 'string') throw new Error('expected shares');
  expect(combine({ keyset, shares: [first, third], bad: [], remedy: '' })).toMatchObject({ secret: split.secret });
  expect(await open(await grant(0, 8))).toBe('sent share 1 instead of 2');
  expect(await open(await grant(0, 10))).toBe('holds no share of this key');
  expect(await open({ validatorId: 8, sealedShare: '0x00' })).toContain('A sealed share is');
  expect(await openGrantedShare({ keyset, proofId: `0x01${'cd'.repeat(31)}`, identity, granted: await grant(0, 7) })).toContain('does not open');
  expect(() => combine({ keyset, shares: [first], bad: [{ validatorId: 8, reason: 'was asleep' }], remedy: 'Wait.' })).toThrow('The key needs 2 good shares; there are 1. Wait.');
});

test('a share of another split does not match the commitments', async () => {
  const { buyer: identity, keyset } = await granted();
  const [share] = splitSecret({ threshold: 2, count: 3 }).shares;
  const sealed = await sealShare({ share: share!, recipient: identity.publicKey, context: grantContext(proofId, 7) });
  expect(await openGrantedShare({ keyset, proofId, identity, granted: { validatorId: 7, sealedShare: bytesToHex(sealed) } })).toBe('sent a share that does not match its commitment');
});
