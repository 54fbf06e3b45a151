import { equalBytes } from './bytes.ts';
import { SealingError } from './errors.ts';
import { commit, commitmentAt, decodePoint, decodeScalar, encodeScalar, evaluate, interpolateAtZero, randomScalar } from './pedersen.ts';

/** One point of both polynomials: `index` 1..n, `value` and `blinding` 32-byte big-endian scalars of secp256k1. */
export type Share = { index: number; value: Uint8Array; blinding: Uint8Array };

/** A secret, what proves its shares (one 33-byte compressed point per coefficient), and the shares. */
export type SplitSecret = { secret: Uint8Array; commitments: Uint8Array[]; shares: Share[] };

/** Indices travel as one byte. */
export const MAX_SHARES = 255;

/**
 * Makes a random 256-bit secret and shares it `threshold`-of-`count` with verifiable secret sharing
 * (T. Pedersen, CRYPTO '91): fewer than `threshold` shares say nothing about it, and neither do the commitments.
 * Throws `BAD_ARGUMENT` unless 1 <= threshold <= count <= 255.
 */
export function splitSecret(parameters: { threshold: number; count: number }): SplitSecret {
  const { threshold, count } = parameters;
  const valid = Number.isInteger(threshold) && Number.isInteger(count) && threshold >= 1 && threshold <= count && count <= MAX_SHARES;
  if (!valid) throw new SealingError('BAD_ARGUMENT', `Cannot share ${threshold} of ${count}: pass integers with 1 <= threshold <= count <= ${MAX_SHARES}.`);
  const values = Array.from({ length: threshold }, randomScalar);
  const blindings = Array.from({ length: threshold }, randomScalar);
  return {
    secret: encodeScalar(values[0] ?? 0n),
    commitments: values.map((value, j) => Uint8Array.from(commit(value, blindings[j] ?? 0n).toBytes(true))),
    shares: Array.from({ length: count }, (_, i) => ({
      index: i + 1,
      value: encodeScalar(evaluate(values, i + 1)),
      blinding: encodeScalar(evaluate(blindings, i + 1)),
    })),
  };
}

/**
 * Whether a share is the one that was committed to for its index. False on a malformed share;
 * throws `BAD_KEYSET` when the commitments themselves are no points.
 */
export function checkShare(share: Share, commitments: Uint8Array[]): boolean {
  const points = commitments.map(decodePoint);
  if (points.length === 0) throw new SealingError('BAD_KEYSET', 'There are no commitments to check a share against; pass those of the keyset.');
  const value = decodeScalar(share.value);
  const blinding = decodeScalar(share.blinding);
  if (value === undefined || blinding === undefined || !isIndex(share.index)) return false;
  return commit(value, blinding).equals(commitmentAt(points, share.index));
}

function isIndex(index: number): boolean {
  return Number.isInteger(index) && index >= 1 && index <= MAX_SHARES;
}

/**
 * The 32-byte secret from at least `commitments.length` distinct shares. Every share is checked first:
 * throws `BAD_SHARE` naming the index of the first false one, `NOT_ENOUGH_SHARES` when too few are left.
 */
export function combineShares(shares: Share[], commitments: Uint8Array[]): Uint8Array {
  return combineOpening(shares, commitments).secret;
}

/** The secret and its blinding, 32 bytes each: together they open the first commitment, so whoever has both can show that they are right. */
export type Opening = { secret: Uint8Array; blinding: Uint8Array };

/** As {@link combineShares}, with the secret's blinding. */
export function combineOpening(shares: Share[], commitments: Uint8Array[]): Opening {
  const distinct = new Map<number, Share>();
  for (const share of shares) {
    if (!isRepeated(distinct.get(share.index), share) && !checkShare(share, commitments)) {
      throw new SealingError('BAD_SHARE', `Share ${share.index} does not match the keyset's commitments; leave it out and ask its validator for a true one.`);
    }
    distinct.set(share.index, share);
  }
  const threshold = commitments.length;
  if (threshold === 0 || distinct.size < threshold) throw new SealingError('NOT_ENOUGH_SHARES', `The secret needs ${threshold || 'at least 1'} distinct shares, got ${distinct.size}; wait for more grants.`);
  const points = [...distinct.values()].slice(0, threshold);
  const [secret, blinding] = (['value', 'blinding'] as const).map((part) => encodeScalar(interpolateAtZero(points.map((share) => ({ index: share.index, value: decodeScalar(share[part]) ?? 0n })))));
  return { secret: secret ?? new Uint8Array(0), blinding: blinding ?? new Uint8Array(0) };
}

/** Whether a secret and its blinding are what a keyset's first commitment commits to. */
export function checkOpening({ secret, blinding }: Opening, commitments: Uint8Array[]): boolean {
  const [value, blind] = [decodeScalar(secret), decodeScalar(blinding)];
  const [first] = commitments;
  return value !== undefined && blind !== undefined && first !== undefined && commit(value, blind).equals(decodePoint(first, 0));
}

function isRepeated(known: Share | undefined, share: Share): boolean {
  return known !== undefined && equalBytes(known.value, share.value) && equalBytes(known.blinding, share.blinding);
}
