import { secp256k1, secp256k1_hasher } from '@noble/curves/secp256k1.js';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { SealingError } from './errors.ts';

/*
 * Pedersen commitments on secp256k1: commit(a, b) = a*G + b*H.
 *
 * Why secp256k1 and not ristretto255: it has prime order too (cofactor 1, so no small subgroups), and it is the
 * curve of the EVM. A contract checks an opened share (a, b) against a committed point C for one 3,000-gas
 * `ecrecover`: with h = H.x, ecrecover(-a*h, v(H), h, b*h) is the address of a*G + b*H. So a false grant can be
 * shown to the chain itself, not only to whoever runs this package.
 */

/** Domain separation tag (RFC 9380, suite secp256k1_XMD:SHA-256_SSWU_RO_) under which H is hashed. */
export const PEDERSEN_DST = 'neurodata-pedersen-v1-secp256k1_XMD:SHA-256_SSWU_RO_';
/** The message that is hashed to H. Nobody knows H's logarithm to G, because nobody chose the point. */
export const PEDERSEN_MESSAGE = 'blinding generator H';

export const POINT_LENGTH = 33;

const { Point } = secp256k1;
const { Fn } = Point;
type Point = InstanceType<typeof Point>;

const G = Point.BASE;
const H = Point.fromAffine(secp256k1_hasher.hashToCurve(utf8(PEDERSEN_MESSAGE), { DST: PEDERSEN_DST }).toAffine());

/** The second generator, for checkers written in other languages: 33 bytes, SEC 1 compressed. */
export function pedersenGenerator(): Uint8Array {
  return Uint8Array.from(H.toBytes(true));
}

export function randomScalar(): bigint {
  return Fn.fromBytes(secp256k1.utils.randomSecretKey());
}

export function encodeScalar(scalar: bigint): Uint8Array {
  return Uint8Array.from(Fn.toBytes(scalar));
}

/** Undefined unless `bytes` is a scalar in its one canonical 32-byte form, below the group's order. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== 32) return undefined;
  const scalar = BigInt(toHex(bytes));
  return scalar < Fn.ORDER ? scalar : undefined;
}

/** The inverse of `toBytes` for points; throws `BAD_KEYSET` naming the position when it is no point. */
export function decodePoint(bytes: Uint8Array, position: number): Point {
  try {
    if (bytes.length === POINT_LENGTH) return Point.fromBytes(bytes);
  } catch {
    // Falls through to the one error that names the position.
  }
  throw new SealingError('BAD_KEYSET', `Commitment ${position} is not a compressed secp256k1 point; take the keyset from the version's own document.`);
}

// noble's constant-time `multiply` refuses zero, which is as likely as guessing the secret.
function multiply(point: Point, scalar: bigint): Point {
  return scalar === 0n ? Point.ZERO : point.multiply(scalar);
}

export function commit(value: bigint, blinding: bigint): Point {
  return multiply(G, value).add(multiply(H, blinding));
}

/** The committed polynomial at a small public index: what share `index` has to open. */
export function commitmentAt(commitments: Point[], index: number): Point {
  return commitments.reduceRight((sum, point) => sum.multiplyUnsafe(BigInt(index)).add(point), Point.ZERO);
}

export function addScalars(a: bigint, b: bigint): bigint {
  return Fn.add(a, b);
}

export function mulScalars(a: bigint, b: bigint): bigint {
  return Fn.mul(a, b);
}

/** A scalar that is as good as uniform, out of 64 uniform bytes. */
export function scalarFromHash(bytes: Uint8Array): bigint {
  return Fn.create(BigInt(toHex(bytes)));
}

/** Evaluates a polynomial, lowest coefficient first. */
export function evaluate(coefficients: bigint[], at: number): bigint {
  return coefficients.reduceRight((sum, coefficient) => Fn.add(Fn.mul(sum, BigInt(at)), coefficient), 0n);
}

/** Lagrange's weights at zero of distinct indices, in their order. */
export function weightsAtZero(indices: number[]): bigint[] {
  return indices.map((index) => indices.filter((other) => other !== index).reduce((weight, other) => {
    const difference = Fn.create(BigInt(other) - BigInt(index));
    return Fn.mul(weight, Fn.div(BigInt(other), difference));
  }, 1n));
}

/** Lagrange interpolation at zero over distinct indices. */
export function interpolateAtZero(points: { index: number; value: bigint }[]): bigint {
  const weights = weightsAtZero(points.map(({ index }) => index));
  return points.reduce((sum, { value }, i) => Fn.add(sum, Fn.mul(value, weights[i] ?? 0n)), 0n);
}

/** The sum of public points, each times its weight. */
export function weightedSum(points: Point[], weights: bigint[]): Point {
  return points.reduce((sum, point, i) => sum.add(point.multiplyUnsafe(weights[i] ?? 0n)), Point.ZERO);
}

export function isPoint(text: string): boolean {
  const bytes = fromHex(text);
  try {
    return bytes?.length === POINT_LENGTH && Point.fromBytes(bytes) !== undefined;
  } catch {
    return false;
  }
}
