import { ed25519, ed25519_hasher } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equalBytes } from './bytes.ts';

/*
 * X25519 keys as points of the group of prime order in which equality of logarithms is proved. X25519 itself knows only
 * u-coordinates, so a point and its negative are the same key: here the one with the even x is lifted, and multiples of either
 * have the same u (RFC 7748, section 5).
 */

const { Point } = ed25519;
const { Fn, Fp } = Point;

export type EdwardsPoint = InstanceType<typeof Point>;

export const BASE: EdwardsPoint = Point.BASE;

/**
 * One of the two points of an X25519 public key. Undefined unless the bytes are the one canonical form of a point of prime order:
 * what X25519 makes of any secret is, points of small order, of the twist, and sums with either are not.
 */
export function pointOfKey(key: Uint8Array): EdwardsPoint | undefined {
  if (key.length !== 32) return undefined;
  try {
    const u = Fp.fromBytes(key);
    // The birational map of RFC 7748, section 4.1; u = -1 is no point of the curve.
    if (Fp.eql(u, Fp.neg(Fp.ONE))) return undefined;
    return primeOrder(Point.fromBytes(Fp.toBytes(Fp.div(Fp.sub(u, Fp.ONE), Fp.add(u, Fp.ONE)))));
  } catch {
    return undefined;
  }
}

/** The X25519 key of a point of prime order. */
export function keyOfPoint(point: EdwardsPoint): Uint8Array {
  const { y } = point.toAffine();
  return Uint8Array.from(Fp.toBytes(Fp.div(Fp.add(Fp.ONE, y), Fp.sub(Fp.ONE, y))));
}

/** Undefined unless `bytes` are the canonical form (RFC 8032) of a point of prime order. */
export function decodeEdwards(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    return primeOrder(Point.fromBytes(bytes));
  } catch {
    return undefined;
  }
}

function primeOrder(point: EdwardsPoint): EdwardsPoint | undefined {
  return !point.is0() && point.isTorsionFree() ? point : undefined;
}

/** By what X25519 multiplies for this secret (RFC 7748: clamped), up to the sign, and the base point times that: `pointOfKey` of its public key. */
export function pointOfSecret(secretKey: Uint8Array): { logarithm: bigint; point: EdwardsPoint } {
  const clamped = Uint8Array.from(secretKey);
  clamped[0] = (clamped[0] ?? 0) & 248;
  clamped[31] = ((clamped[31] ?? 0) & 127) | 64;
  const logarithm = Fn.create(littleEndian(clamped));
  clamped.fill(0);
  const point = BASE.multiply(logarithm);
  // Of the two, keys are lifted to the one whose x is even.
  const isEven = (point.toAffine().x & 1n) === 0n;
  return isEven ? { logarithm, point } : { logarithm: Fn.neg(logarithm), point: point.negate() };
}

/** A second generator whose logarithm nobody knows, another one for each `seed` (RFC 9380). */
export function generatorOf(seed: Uint8Array, dst: string): EdwardsPoint {
  return Point.fromAffine(ed25519_hasher.hashToCurve(seed, { DST: dst }).toAffine());
}

/** A scalar that is as good as uniform. */
export function edwardsScalar(...parts: Uint8Array[]): bigint {
  return Fn.create(littleEndian(sha512(concat(...parts))));
}

export function encodeEdwardsScalar(scalar: bigint): Uint8Array {
  return Uint8Array.from(Fn.toBytes(scalar));
}

/** Undefined unless `bytes` are a scalar below the group's order. */
export function decodeEdwardsScalar(bytes: Uint8Array): bigint | undefined {
  const scalar = littleEndian(bytes);
  return bytes.length === 32 && equalBytes(encodeEdwardsScalar(Fn.create(scalar)), bytes) ? scalar : undefined;
}

/** a + b * c */
export function mulAdd(a: bigint, b: bigint, c: bigint): bigint {
  return Fn.add(a, Fn.mul(b, c));
}

/** a * P - b * Q, of public scalars. */
export function difference(a: bigint, P: EdwardsPoint, b: bigint, Q: EdwardsPoint): EdwardsPoint {
  return P.multiplyUnsafe(a).subtract(Q.multiplyUnsafe(b));
}

export function randomEdwardsBytes(): Uint8Array {
  return ed25519.utils.randomSecretKey();
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
