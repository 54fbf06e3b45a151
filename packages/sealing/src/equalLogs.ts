import { concat, equalBytes, utf8 } from './bytes.ts';
import { sha256 } from './digest.ts';
import { decodeEdwardsScalar, difference, edwardsScalar, encodeEdwardsScalar, mulAdd, randomEdwardsBytes, type EdwardsPoint } from './edwards.ts';

/** That `first = x * bases[0]` and `second = x * bases[1]` for the same x; all four of prime order. */
export type LogClaim = {
  bases: [EdwardsPoint, EdwardsPoint];
  points: [EdwardsPoint, EdwardsPoint];
  /** What the proof is for: it is none for anything else. */
  purpose: string;
  message: Uint8Array;
};

/** Challenge and response, 32 bytes each. */
export const LOG_PROOF_LENGTH = 64;

/**
 * Proves it without a word about x: D. Chaum and T. Pedersen (CRYPTO '92), made non-interactive (Fiat and Shamir) over the
 * whole claim. The nonce comes from the system's randomness, the secret and the claim, so that a generator that repeats
 * itself gives nothing away.
 */
export function proveEqualLogs(claim: LogClaim, x: bigint): Uint8Array {
  const nonce = edwardsScalar(utf8('neurodata/equal-logs/nonce/v1'), randomEdwardsBytes(), encodeEdwardsScalar(x), digestOf(claim));
  const challenge = challengeOf(claim, [claim.bases[0].multiply(nonce), claim.bases[1].multiply(nonce)]);
  return concat(encodeEdwardsScalar(challenge), encodeEdwardsScalar(mulAdd(nonce, challenge, x)));
}

/** Whether `proof` is one of this claim. False on anything malformed. Whoever asks has checked the points' order. */
export function checkEqualLogs(claim: LogClaim, proof: Uint8Array): boolean {
  if (proof.length !== LOG_PROOF_LENGTH) return false;
  const [challenge, response] = [decodeEdwardsScalar(proof.subarray(0, 32)), decodeEdwardsScalar(proof.subarray(32))];
  if (challenge === undefined || response === undefined) return false;
  const { bases, points } = claim;
  const found = challengeOf(claim, [difference(response, bases[0], challenge, points[0]), difference(response, bases[1], challenge, points[1])]);
  return equalBytes(encodeEdwardsScalar(found), proof.subarray(0, 32));
}

function challengeOf(claim: LogClaim, commitments: [EdwardsPoint, EdwardsPoint]): bigint {
  return edwardsScalar(utf8('neurodata/equal-logs/v1'), digestOf(claim), ...commitments.map((point) => point.toBytes()));
}

function digestOf({ bases, points, purpose, message }: LogClaim): Uint8Array {
  return sha256(sha256(utf8(purpose)), sha256(message), ...[...bases, ...points].map((point) => point.toBytes()));
}
