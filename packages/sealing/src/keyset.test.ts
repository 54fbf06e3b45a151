import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { codeOf, collect, pieces, sampleBytes } from '../test/streams.ts';
import { fromHex } from './bytes.ts';
import { combineShares, createFileKey, createIdentity, createKeyset, grantContext, keysetDigest, keysetShareContext, openKeysetShare, openShare, parseKeyset, seal, sealShare, splitSecret, thresholdStanza, unseal, type Hex, type Keyset } from './index.ts';

const binding: Hex = '0x7a69f39fd6e51aad88f6f4ce6ab8827279cfffb92266';

async function example() {
  const split = splitSecret({ threshold: 2, count: 3 });
  const identities = split.shares.map(() => createIdentity());
  const members = identities.map((identity, i) => ({ validatorId: 10 * i, recipient: identity.publicKey }));
  return { split, identities, members, ...await createKeyset({ split, members, binding }) };
}

test('publisher to validators to buyer, from documents alone', async () => {
  const { split, identities, bytes, digest } = await example();
  const fileKey = createFileKey();
  const plaintext = sampleBytes(100_000);
  const file = await collect(seal({ plaintext: pieces(plaintext), fileKey, stanzas: [thresholdStanza({ secret: split.secret, fileKey, keysetDigest: digest })] }));

  const keyset = parseKeyset(bytes);
  const buyer = createIdentity();
  const proofId: Hex = `0x${'0A'.repeat(32)}`;
  const grants = await Promise.all([0, 20].map(async (validatorId) => {
    const share = await openKeysetShare({ keyset, validatorId, identity: identities[validatorId / 10]!, binding });
    return { validatorId, sealed: await sealShare({ share, recipient: buyer.publicKey, context: grantContext(proofId, validatorId) }) };
  }));

  const shares = await Promise.all(grants.map(({ validatorId, sealed }) => openShare({ sealed, identity: buyer, context: grantContext(proofId, validatorId) })));
  const thresholdSecret = combineShares(shares, keyset.commitments.map((point) => fromHex(point)!));
  expect(Buffer.compare(await collect(unseal({ ciphertext: pieces(file), thresholdSecret })), plaintext)).toBe(0);
});

test('the digest is the sha256 of canonical bytes', async () => {
  const { keyset, bytes, digest } = await example();
  expect(digest).toBe(`0x${createHash('sha256').update(bytes).digest('hex')}`);
  expect(keysetDigest(bytes)).toBe(digest);
  expect(parseKeyset(bytes)).toEqual(keyset);
  expect(Buffer.from(bytes).toString()).toMatch(/^\{"commitments":\["0x0[23][0-9a-f]{64}",.*\],"members":\[\{"recipient":"0x.*","sealedShare":"0x.*","validatorId":0\},.*\],"suite":".*","threshold":2,"version":1\}$/);
});

test('a copied share does not open under another publisher\'s binding, nor for another member', async () => {
  const { keyset, identities } = await example();
  const identity = identities[1]!;
  expect(await codeOf(() => openKeysetShare({ keyset, validatorId: 10, identity, binding }))).toBe('OK');
  expect(await codeOf(() => openKeysetShare({ keyset, validatorId: 10, identity, binding: '0xff' }))).toBe('WRONG_KEY');
  expect(await codeOf(() => openKeysetShare({ keyset, validatorId: 10, identity, binding: '0x' }))).toBe('WRONG_KEY');
  expect(await codeOf(() => openKeysetShare({ keyset, validatorId: 20, identity, binding }))).toBe('WRONG_KEY');
  expect(await codeOf(() => openKeysetShare({ keyset, validatorId: 11, identity, binding }))).toBe('BAD_KEYSET');
});

test('a false share by the publisher is found by its validator', async () => {
  const { split, identities, members } = await example();
  const shares = split.shares.with(1, { ...split.shares[1]!, value: sampleBytes(32) });
  const { keyset } = await createKeyset({ split: { ...split, shares }, members, binding: '0x' });
  expect(await codeOf(() => openKeysetShare({ keyset, validatorId: 0, identity: identities[0]!, binding: '0x' }))).toBe('OK');
  await expect(openKeysetShare({ keyset, validatorId: 10, identity: identities[1]!, binding: '0x' })).rejects.toMatchObject({ code: 'BAD_SHARE' });
});

test('members must fit the shares', async () => {
  const { split, members } = await example();
  expect(await codeOf(() => createKeyset({ split, members: members.slice(1), binding: '0x' }))).toBe('BAD_KEYSET');
  expect(await codeOf(() => createKeyset({ split, members: [members[0]!, members[0]!, members[1]!], binding: '0x' }))).toBe('BAD_KEYSET');
  expect(await codeOf(() => createKeyset({ split, members: members.with(0, { ...members[0]!, validatorId: -1 }), binding: '0x' }))).toBe('BAD_KEYSET');
  expect(await codeOf(() => createKeyset({ split, members: members.with(0, { ...members[0]!, recipient: sampleBytes(5) }), binding: '0x' }))).toBe('BAD_KEY');
});

test('a malformed document is refused by the name of its field', async () => {
  const { keyset, bytes } = await example();
  const member = keyset.members[0]!;
  const reasons = ([
    [{ version: 2 }, 'version'], [{ suite: 'x' }, 'suite'], [{ threshold: 3 }, 'threshold'], [{ extra: 1 }, 'document.extra'],
    [{ members: [] }, 'members'], [{ members: [member, member] }, 'members'], [{ commitments: [] }, 'commitments'],
    [{ commitments: [keyset.commitments[0], `0x02${'ff'.repeat(32)}`] }, 'commitments[1]'],
    [{ members: [member, { ...keyset.members[1], recipient: '0x00' }] }, 'members[1].recipient'],
    [{ members: [{ ...member, validatorId: '1' }, keyset.members[1]] }, 'members[0].validatorId'],
    [{ members: [{ ...member, sealedShare: member.sealedShare.toUpperCase() }, keyset.members[1]] }, 'members[0].sealedShare'],
    [{ members: [null, keyset.members[1]] }, 'members[0]'],
  ] as const).map(([change, field]) => [refusal({ ...keyset, ...change }), field]);
  for (const [message, field] of reasons) expect(message).toContain(`Keyset: ${field} `);
  const { suite: _, ...missing } = keyset;
  expect(refusal(missing)).toContain('document.suite is missing');
  expect(refusal(keyset)).toContain('canonical');
  expect(await codeOf(() => parseKeyset(bytes.subarray(1)))).toBe('BAD_KEYSET');
  expect(await codeOf(() => parseKeyset(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes])))).toBe('BAD_KEYSET');
  expect(await codeOf(() => parseKeyset(new TextEncoder().encode(` ${Buffer.from(bytes).toString()}`)))).toBe('BAD_KEYSET');
});

test('contexts differ by purpose, proof, validator and binding', () => {
  const proof: Hex = `0x${'ab'.repeat(32)}`;
  const contexts = [keysetShareContext(1, '0x'), keysetShareContext(2, '0x'), keysetShareContext(1, '0x00'), grantContext(proof, 1), grantContext(proof, 2), grantContext(`0x${'ac'.repeat(32)}`, 1)];
  expect(new Set(contexts.map((context) => Buffer.from(context).toString('hex'))).size).toBe(contexts.length);
  expect(grantContext(`0x${'AB'.repeat(32)}`, 1)).toEqual(grantContext(proof, 1));
});

function refusal(document: Partial<Keyset> | object): string {
  try {
    parseKeyset(new TextEncoder().encode(JSON.stringify(document)));
    return 'accepted';
  } catch (error) {
    return String(error);
  }
}
