import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../test/streams.ts';
import { fromHex, toHex } from './bytes.ts';
import { checkDealing, checkEpochKeyset, checkShare, combineShares, createEpochKeyset, createIdentity, createKeyset, dealShare, epochOf, openEpochShare, parseEpochKeyset, parseKeyset, splitSecret, type AnyKeyset, type Dealing, type EpochKeyset, type Hex, type Identity, type Share } from './index.ts';
import { decodeScalar, encodeScalar, interpolateAtZero } from './pedersen.ts';
import { keysetDigest } from './keyset.ts';

const binding: Hex = `0x${'ab'.repeat(32)}`;
const points = (keyset: AnyKeyset): Uint8Array[] => keyset.commitments.map((point) => fromHex(point)!);

type Held = { secret: Uint8Array; keyset: AnyKeyset; digest: Hex; shares: Share[] };

async function publish(threshold: number, count: number): Promise<Held> {
  const split = splitSecret({ threshold, count });
  const members = split.shares.map((_, i) => ({ validatorId: i + 1, recipient: createIdentity().publicKey }));
  const { keyset, digest } = await createKeyset({ split, members, binding: '0x' });
  return { secret: split.secret, keyset, digest, shares: split.shares };
}

/** Hands `held` on to `count` fresh holders, by the dealers at `chosen` (from 0). */
async function handOn(held: Held, { chosen, threshold, count, tamper = (dealing) => dealing }: { chosen: number[]; threshold: number; count: number; tamper?: (dealing: Dealing) => Dealing }): Promise<Held & { keyset: EpochKeyset; identities: Identity[]; bytes: Uint8Array }> {
  const identities = Array.from({ length: count }, createIdentity);
  const recipients = identities.map(({ publicKey }) => publicKey);
  const dealings = (await Promise.all(chosen.map((i) => dealShare({ share: held.shares[i]!, threshold, recipients, binding })))).map(tamper);
  const members = identities.map(({ publicKey }, i) => ({ validatorId: 100 + i, recipient: toHex(publicKey) }));
  const made = createEpochKeyset({ previous: held.keyset, previousDigest: held.digest, epoch: epochOf(held.keyset) + 1, threshold, members, dealings });
  const shares = await Promise.all(identities.map((identity, i) => openEpochShare({ keyset: made.keyset, validatorId: 100 + i, identity, binding })));
  return { secret: held.secret, ...made, shares, identities };
}

test('the secret survives any hand-over, its first commitment with it', async () => {
  const sizes = fc.integer({ min: 1, max: 4 }).chain((count) => fc.record({ count: fc.constant(count), threshold: fc.integer({ min: 1, max: count }) }));
  await fc.assert(fc.asyncProperty(sizes, sizes, fc.integer({ min: 0, max: 3 }), async (from, to, shift) => {
    const held = await publish(from.threshold, from.count);
    const chosen = Array.from({ length: from.threshold }, (_, i) => (i + shift) % from.count);
    const next = await handOn(held, { chosen, ...to });
    expect(next.keyset.commitments).toHaveLength(to.threshold);
    expect(next.keyset.commitments[0]).toBe(held.keyset.commitments[0]);
    expect(combineShares(next.shares.slice(-to.threshold), points(next.keyset))).toEqual(held.secret);
    expect(keysetDigest(next.bytes)).toBe(next.digest);
    expect(parseEpochKeyset(next.bytes)).toEqual(next.keyset);
  }), { numRuns: 12 });
}, 60_000);

test('three hand-overs in a row, to other sizes, keep the secret', async () => {
  let held: Held = await publish(2, 3);
  for (const [threshold, count] of [[3, 5], [2, 4], [4, 7]] as const) held = await handOn(held, { chosen: Array.from({ length: held.keyset.threshold }, (_, i) => i), threshold, count });
  expect(epochOf(held.keyset)).toBe(3);
  expect(combineShares(held.shares.slice(0, 4), points(held.keyset))).toEqual(held.secret);
}, 60_000);

test('shares of two epochs do not combine, checked or not', async () => {
  const held = await publish(3, 4);
  const next = await handOn(held, { chosen: [0, 2, 3], threshold: 3, count: 4 });
  const later = await handOn(next, { chosen: [0, 1, 2], threshold: 3, count: 4 });
  for (const [old, fresh] of [[held, next], [next, later], [held, later]] as const) {
    const mixed = [...old.shares.slice(0, 2), fresh.shares[2]!];
    expect(await codeOf(() => combineShares(mixed, points(fresh.keyset)))).toBe('BAD_SHARE');
    expect(await codeOf(() => combineShares(mixed, points(old.keyset)))).toBe('BAD_SHARE');
    expect(encodeScalar(interpolateAtZero(mixed.map(({ index, value }) => ({ index, value: decodeScalar(value)! }))))).not.toEqual(held.secret);
    for (const share of fresh.shares) expect(checkShare(share, points(old.keyset))).toBe(false);
  }
}, 60_000);

test('a dealer that deals another secret is seen by everybody', async () => {
  const held = await publish(2, 3);
  const other = await publish(2, 3);
  const recipients = [createIdentity().publicKey, createIdentity().publicKey];
  const lie = await dealShare({ share: other.shares[0]!, threshold: 2, recipients, binding });
  const truth = await dealShare({ share: held.shares[0]!, threshold: 2, recipients, binding });
  const rules = { commitments: held.keyset.commitments, threshold: 2, count: 2 };
  expect(checkDealing({ dealing: truth, ...rules })).toBe(true);
  expect(checkDealing({ dealing: lie, ...rules })).toBe(false);
  expect(checkDealing({ dealing: { ...truth, index: 2 }, ...rules })).toBe(false);
  expect(checkDealing({ dealing: truth, ...rules, threshold: 1 })).toBe(false);
  expect(checkDealing({ dealing: truth, ...rules, count: 3 })).toBe(false);
  expect(checkDealing({ dealing: { ...truth, commitments: [truth.commitments[0]!, '0x00'] }, ...rules })).toBe(false);
  await expect(handOn(held, { chosen: [0, 1], threshold: 2, count: 2, tamper: (dealing) => (dealing.index === 1 ? { ...lie, sealedShares: dealing.sealedShares } : dealing) })).rejects.toMatchObject({ code: 'BAD_KEYSET' });
});

test('a false share inside a dealing is found by its receiver, who names the dealer', async () => {
  const held = await publish(2, 3);
  const stranger = await dealShare({ share: held.shares[1]!, threshold: 2, recipients: [createIdentity().publicKey], binding }).catch(() => undefined);
  expect(stranger).toBeUndefined();
  const identities = [createIdentity(), createIdentity()];
  const recipients = identities.map(({ publicKey }) => publicKey);
  const [first, second, again] = await Promise.all([0, 1, 1].map((i) => dealShare({ share: held.shares[i]!, threshold: 2, recipients, binding })));
  // Sealed rightly, but of another polynomial than the one committed to.
  const mixed = { ...second!, sealedShares: [second!.sealedShares[0]!, again!.sealedShares[1]!] };
  const members = recipients.map((recipient, i) => ({ validatorId: i + 1, recipient: toHex(recipient) }));
  const { keyset } = createEpochKeyset({ previous: held.keyset, previousDigest: held.digest, epoch: 1, threshold: 2, members, dealings: [first!, mixed] });
  expect(await codeOf(() => openEpochShare({ keyset, validatorId: 1, identity: identities[0]!, binding }))).toBe('OK');
  await expect(openEpochShare({ keyset, validatorId: 2, identity: identities[1]!, binding })).rejects.toThrow(/Holder 2 dealt holder 2 /);
  expect(await codeOf(() => openEpochShare({ keyset, validatorId: 1, identity: identities[1]!, binding }))).toBe('WRONG_KEY');
  expect(await codeOf(() => openEpochShare({ keyset, validatorId: 1, identity: identities[0]!, binding: '0x00' }))).toBe('WRONG_KEY');
  const other = { ...keyset, commitments: held.keyset.commitments };
  expect(await codeOf(() => openEpochShare({ keyset: other, validatorId: 1, identity: identities[0]!, binding }))).toBe('BAD_KEYSET');
  expect(await codeOf(() => openEpochShare({ keyset, validatorId: 9, identity: identities[0]!, binding }))).toBe('BAD_KEYSET');
});

test('a document of another secret, epoch or predecessor is refused', async () => {
  const held = await publish(2, 3);
  const next = await handOn(held, { chosen: [0, 1], threshold: 2, count: 3 });
  const other = await handOn(await publish(2, 3), { chosen: [0, 1], threshold: 2, count: 3 });
  const check = (change: Partial<EpochKeyset>): Promise<string> => codeOf(() => checkEpochKeyset({ keyset: { ...next.keyset, ...change }, previous: held.keyset, previousDigest: held.digest }));
  expect(await check({})).toBe('OK');
  for (const change of [{ previous: other.digest }, { epoch: 2 }, { dealings: next.keyset.dealings.slice(1) }, { dealings: other.keyset.dealings }, { commitments: other.keyset.commitments }, { threshold: 1 }]) {
    expect(await check(change)).toBe('BAD_KEYSET');
  }
  for (const change of [{ version: 1 }, { suite: 'x' }, { epoch: 0 }, { previous: '0x00' }, { members: [] }, { members: [next.keyset.members[0], next.keyset.members[0]] }, { commitments: [] }, { dealings: [] }, { dealings: next.keyset.dealings.toReversed() }, { extra: 1 }]) {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...next.keyset, ...change }));
    expect(await codeOf(() => parseEpochKeyset(bytes))).toBe('BAD_KEYSET');
  }
  expect(await codeOf(() => parseEpochKeyset(next.bytes.subarray(1)))).toBe('BAD_KEYSET');
});

test('a first keyset is none of a later epoch, nor the other way round', async () => {
  const held = await publish(1, 1);
  const next = await handOn(held, { chosen: [0], threshold: 1, count: 1 });
  expect(await codeOf(() => parseEpochKeyset(new TextEncoder().encode(JSON.stringify(held.keyset))))).toBe('BAD_KEYSET');
  expect(await codeOf(() => parseKeyset(next.bytes))).toBe('BAD_KEYSET');
});

test('fewer than the threshold fit every secret: whatever they hold, each one is as likely', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 5 }), fc.bigInt({ min: 0n, max: 1n << 250n }), (threshold, candidate) => {
    const { shares } = splitSecret({ threshold, count: threshold });
    for (const part of ['value', 'blinding'] as const) {
      const known = shares.slice(1).map((share) => ({ index: share.index, value: decodeScalar(share[part])! }));
      // The one missing share that makes the candidate the secret: there is exactly one, for every candidate.
      const rest = interpolateAtZero([...known, { index: 1, value: 0n }]);
      const unit = interpolateAtZero([...known.map(({ index }) => ({ index, value: 0n })), { index: 1, value: 1n }]);
      const missing = divide(subtract(candidate, rest), unit);
      expect(interpolateAtZero([...known, { index: 1, value: missing }])).toBe(candidate);
    }
  }), { numRuns: 40 });
});

test('counted out in a small field: views of t - 1 holders, over two epochs and with all commitments, fit each secret equally often', () => {
  const p = 7;
  const h = 3;
  const mod = (x: number): number => ((x % p) + p) % p;
  const at = (f: number[], x: number): number => f.reduceRight((sum, c) => mod(sum * x + c), 0);
  const commitTo = (f: number[], g: number[]): number[] => f.map((c, k) => mod(c + h * g[k]!));
  const field = Array.from({ length: p }, (_, i) => i);
  // 2 of 2 holders; holder 1 of either epoch colludes. Weights at zero of 1 and 2 are 2 and -1.
  const seen = new Map<string, number[]>();
  for (const f0 of field) for (const f1 of field) for (const g0 of field) for (const g1 of field) {
    for (const u of field) for (const w of field) {
      const f = [f0, f1];
      const g = [g0, g1];
      // The honest dealer, holder 2, deals its share by the polynomials u and w; the other dealer's are the collusion's own.
      const dealtF = [at(f, 2), u];
      const dealtG = [at(g, 2), w];
      const view = [at(f, 1), at(g, 1), ...commitTo(f, g), at(dealtF, 1), at(dealtG, 1), ...commitTo(dealtF, dealtG)].join();
      const counts = seen.get(view) ?? field.map(() => 0);
      counts[f0]! += 1;
      seen.set(view, counts);
    }
  }
  for (const counts of seen.values()) expect(new Set(counts).size).toBe(1);
  expect([...seen.values()].flat().reduce((a, b) => a + b, 0)).toBe(p ** 6);
});

test('the bits of fewer shares do not lean on the secret', () => {
  // Two low bits of a share against two of the secret: 16 cells, a chi-squared of 15 degrees of freedom.
  const cells = new Float64Array(16);
  const draws = 320;
  for (let i = 0; i < draws; i++) {
    const { secret, shares } = splitSecret({ threshold: 2, count: 2 });
    cells[(secret[31]! & 3) * 4 + (shares[0]!.value[31]! & 3)]! += 1;
  }
  const expected = draws / 16;
  const chi2 = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // Above 80 lies less than one run in 10^9.
  expect(chi2).toBeLessThan(80);
}, 60_000);

function subtract(a: bigint, b: bigint): bigint {
  return interpolateAtZero([{ index: 1, value: a }]) + (ORDER - (b % ORDER));
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function divide(a: bigint, b: bigint): bigint {
  let [result, base, exponent] = [1n, b % ORDER, ORDER - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return ((a % ORDER) * result) % ORDER;
}
