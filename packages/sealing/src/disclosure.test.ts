import { x25519 } from '@noble/curves/ed25519.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../test/streams.ts';
import { utf8 } from './bytes.ts';
import { showEnvelope, type GrantCase } from './disclosure.ts';
import { BASE, generatorOf, pointOfKey, pointOfSecret } from './edwards.ts';
import { proveEqualLogs } from './equalLogs.ts';
import { checkDisclosure, createIdentity, discloseShare, GRANTED_SHARE_LENGTH, identityFromSecret, openGrant, SEALED_SHARE_LENGTH, sealGrant, sealShare, splitSecret, type Share } from './index.ts';
import { openWithShared } from './keySchedule.ts';
import { hpkeSuite, SHARE_INFO } from './shareEnvelope.ts';

const split = splitSecret({ threshold: 2, count: 3 });
const [first, second, third] = [split.shares[0]!, split.shares[1]!, split.shares[2]!];
const lie = { ...second, value: second.value.map((byte, i) => (i === 31 ? byte ^ 1 : byte)) };
const identity = createIdentity();
const recipient = identity.publicKey;
const context = utf8('order 1, validator 2');
const rest = { recipient, context, places: [{ commitments: split.commitments, index: 2 }], accuser: utf8('alice') };

async function caseOf(share: Share = lie): Promise<GrantCase & { identity: typeof identity }> {
  return { ...rest, identity, sealed: await sealGrant({ share, recipient, context }) };
}

test('opens with the Diffie-Hellman value as RFC 9180 A.2.1 does with the key', () => {
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
  const enc = hex('1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a');
  const key = hex('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb');
  const plaintext = openWithShared({
    enc, dh: x25519.getSharedSecret(key, enc), recipient: hex('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a'),
    info: hex('4f6465206f6e2061204772656369616e2055726e'), aad: hex('436f756e742d30'),
    ciphertext: hex('1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28'),
  });
  expect(Buffer.from(plaintext!).toString()).toBe('Beauty is truth, truth beauty');
});

test('opens whatever the library seals, with either half of the key', async () => {
  const plain = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer;
  await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 90 }), fc.uint8Array({ maxLength: 40 }), async (secret, message, aad) => {
    const other = identityFromSecret(secret);
    const suite = hpkeSuite();
    const sender = await suite.createSenderContext({ recipientPublicKey: await suite.kem.importKey('raw', plain(other.publicKey), true), info: SHARE_INFO });
    const ciphertext = new Uint8Array(await sender.seal(plain(message), plain(aad)));
    const enc = new Uint8Array(sender.enc);
    const point = pointOfKey(enc)!;
    const { logarithm, point: key } = pointOfSecret(secret);
    expect(BASE.multiply(logarithm).equals(key) && pointOfKey(other.publicKey)!.equals(key)).toBe(true);
    const dh = x25519.getSharedSecret(secret, enc);
    expect(pointOfKey(dh)!.equals(point.multiply(logarithm)) || pointOfKey(dh)!.equals(point.multiply(logarithm).negate())).toBe(true);
    expect(openWithShared({ dh, enc, recipient: other.publicKey, info: SHARE_INFO, aad, ciphertext })).toEqual(message);
    expect(openWithShared({ dh, enc, recipient: other.publicKey, info: SHARE_INFO, aad: utf8('another'.repeat(9)), ciphertext })).toBeUndefined();
  }), { numRuns: 40 });
});

test('a true share opens, and is never disclosed, nor found false by anything that could be shown', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (secret) => {
    const buyer = identityFromSecret(secret);
    const sealed = await sealGrant({ share: second, recipient: buyer.publicKey, context });
    expect(sealed).toHaveLength(GRANTED_SHARE_LENGTH);
    expect(await openGrant({ sealed, identity: buyer, context })).toEqual(second);
    const found = { ...rest, identity: buyer, recipient: buyer.publicKey, sealed };
    expect(checkDisclosure({ ...found, disclosure: showEnvelope(found) })).toMatchObject({ verdict: 'true' });
    expect(await codeOf(() => discloseShare(found))).toBe('BAD_ARGUMENT');
    expect(checkDisclosure({ ...found, disclosure: new Uint8Array(0) }).verdict).toBe('undecided');
  }), { numRuns: 8 });
});

test('a false share is found false by everybody, in the name of the one who accuses', async () => {
  for (const share of [lie, first, { ...second, index: 3 }, { ...second, value: new Uint8Array(32).fill(255) }]) {
    const found = await caseOf(share);
    const disclosure = discloseShare(found);
    expect(disclosure).toHaveLength(96);
    expect(checkDisclosure({ ...found, disclosure })).toMatchObject({ verdict: 'false' });
    expect(checkDisclosure({ ...found, accuser: utf8('mallory'), disclosure }).verdict).toBe('undecided');
  }
  // Whoever held it in two epochs may have granted either share.
  const either = { ...(await caseOf(third)), places: [...rest.places, { commitments: split.commitments, index: 3 }] };
  expect(checkDisclosure({ ...either, disclosure: showEnvelope(either) }).verdict).toBe('true');
});

test('a disclosure is of one envelope: changed, or of another envelope or key, it decides nothing', async () => {
  const [found, other] = [await caseOf(), await caseOf()];
  const disclosure = showEnvelope(found);
  expect(checkDisclosure({ ...other, disclosure }).verdict).toBe('undecided');
  for (let at = 0; at < disclosure.length; at += 7) {
    const flipped = Uint8Array.from(disclosure);
    flipped[at]! ^= 1 << (at & 7);
    expect([at, checkDisclosure({ ...found, disclosure: flipped }).verdict]).toEqual([at, 'undecided']);
  }
  const stranger = createIdentity();
  expect(await codeOf(() => discloseShare({ ...found, identity: stranger }))).toBe('BAD_KEY');
  // A proof of the right form over a value that is not the recipient's: that of a stranger's key.
  const [enc, key] = [pointOfKey(found.sealed.subarray(0, 32))!, pointOfKey(stranger.publicKey)!];
  const { logarithm: x } = pointOfSecret(stranger.secretKey);
  const forged = Buffer.concat([enc.multiply(x).toBytes(), proveEqualLogs({ bases: [BASE, enc], points: [key, enc.multiply(x)], purpose: 'neurodata/grant-disclosure/v1', message: Buffer.concat([found.sealed, recipient, context, rest.accuser]) }, x)]);
  expect(checkDisclosure({ ...found, disclosure: forged }).verdict).toBe('undecided');
});

test('an envelope that no honest sender makes is false by itself, and nothing is shown of it', async () => {
  const sealed = await sealGrant({ share: second, recipient, context });
  const withEnc = (enc: Uint8Array) => Uint8Array.from([...enc, ...sealed.subarray(32)]);
  const honest = sealed.subarray(0, 32);
  const highBit = Uint8Array.from(honest, (byte, i) => (i === 31 ? byte | 128 : byte));
  const unreduced = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xed + 9 : i === 31 ? 127 : 255));
  const small = [0, 1, 2].map((u) => Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? u : 0)));
  const order8 = Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex');
  const minusOne = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xec : i === 31 ? 127 : 255));
  const bare = await sealShare({ share: second, recipient, context });
  for (const bad of [new Uint8Array(0), bare, sealed.subarray(1), ...[...small, order8, minusOne, highBit, unreduced].map(withEnc)]) {
    const found = { ...rest, identity, sealed: bad };
    expect(discloseShare(found)).toHaveLength(0);
    expect(checkDisclosure({ ...found, disclosure: new Uint8Array(0) }).verdict).toBe('false');
  }
  for (let at = 0; at < sealed.length; at += 9) {
    const flipped = Uint8Array.from(sealed);
    flipped[at]! ^= 1 << (at & 7);
    expect([at, showEnvelope({ ...rest, identity, sealed: flipped }).length]).toEqual([at, 0]);
  }
});

test('a liar learns nothing of an honest envelope by copying its key, or a multiple of it, into its own', async () => {
  const honest = await sealGrant({ share: first, recipient, context: utf8('order 1, validator 1') });
  const own = await sealGrant({ share: lie, recipient, context });
  const [enc, twin] = [pointOfKey(honest.subarray(0, 32))!, honest.subarray(SEALED_SHARE_LENGTH, SEALED_SHARE_LENGTH + 32)];
  const copied = Uint8Array.from([...honest.subarray(0, 32), ...own.subarray(32, SEALED_SHARE_LENGTH), ...honest.subarray(SEALED_SHARE_LENGTH)]);
  const whole = honest;
  const masked = Uint8Array.from([...x25519.scalarMult(Uint8Array.from([8, ...new Uint8Array(30), 64]), honest.subarray(0, 32)), ...own.subarray(32, SEALED_SHARE_LENGTH), ...honest.subarray(SEALED_SHARE_LENGTH)]);
  // The liar knows the logarithm of something, but not of this.
  const { logarithm: x } = pointOfSecret(identity.secretKey);
  const wrong = Uint8Array.from([...honest.subarray(0, 32), ...own.subarray(32, SEALED_SHARE_LENGTH), ...twin, ...proveEqualLogs({ bases: [BASE, generatorOf(recipient, 'any')], points: [enc, enc], purpose: 'neurodata/grant-sender/v1', message: context }, x)]);
  for (const sealed of [copied, whole, masked, wrong]) expect(showEnvelope({ ...rest, identity, sealed })).toHaveLength(0);
});

test('who asks for shares with an unusual key accuses nobody', async () => {
  const sealed = await sealGrant({ share: lie, recipient, context });
  for (const key of [new Uint8Array(32), Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0)), Uint8Array.from(recipient, (byte, i) => (i === 31 ? byte | 128 : byte))]) {
    expect(checkDisclosure({ ...rest, recipient: key, sealed, disclosure: new Uint8Array(0) }).verdict).toBe('undecided');
  }
});
