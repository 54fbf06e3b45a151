import { concat, fromHex, toHex, utf8, type Hex } from './bytes.ts';
import { sha256 } from './digest.ts';
import { SealingError } from './errors.ts';
import { addScalars, commit, commitmentAt, decodePoint, decodeScalar, encodeScalar, mulScalars, randomScalar, scalarFromHash } from './pedersen.ts';
import type { Share } from './splitSecret.ts';

/**
 * That somebody knows the opening of a commitment, without a word about it: T. Okamoto's proof (CRYPTO '92) of (a, b) with
 * C = a*G + b*H, made non-interactive (Fiat and Shamir) over the commitment, the asker's nonce and the purpose.
 * `point` 33 bytes, the others scalars of 32 bytes.
 */
export type ShareProof = { point: Hex; value: Hex; blinding: Hex };

type Claim = {
  /** Of the keyset in which the share is. */
  commitments: Hex[];
  /** Of the share. */
  index: number;
  /** Names chain, keyset and holder: a proof for one is none for another. */
  binding: Hex;
  /** Which the asker has drawn: an old proof is none. */
  nonce: Hex;
};

/** Proves that the caller holds a share. Throws `BAD_SHARE` on a malformed one. */
export function proveShare(parameters: Omit<Claim, 'index'> & { share: Share }): ShareProof {
  const { share, ...claim } = parameters;
  const [a, b] = [decodeScalar(share.value), decodeScalar(share.blinding)];
  if (a === undefined || b === undefined) throw new SealingError('BAD_SHARE', 'The share holds no scalars below the order of secp256k1; take it from its keyset again.');
  const [s, t] = [randomScalar(), randomScalar()];
  const point = toHex(commit(s, t).toBytes(true));
  const challenge = challengeOf({ ...claim, index: share.index }, point);
  return { point, value: toHex(encodeScalar(addScalars(s, mulScalars(challenge, a)))), blinding: toHex(encodeScalar(addScalars(t, mulScalars(challenge, b)))) };
}

/** Whether `proof` was made with the share that the keyset's commitments have at `index`. False on anything malformed. */
export function checkShareProof(parameters: Claim & { proof: ShareProof }): boolean {
  const { proof, ...claim } = parameters;
  const [a, b] = [fromHex(proof.value), fromHex(proof.blinding)].map((bytes) => (bytes ? decodeScalar(bytes) : undefined));
  if (a === undefined || b === undefined) return false;
  try {
    const point = decodePoint(fromHex(proof.point) ?? new Uint8Array(0), 0);
    return commit(a, b).equals(point.add(committed(claim).multiplyUnsafe(challengeOf(claim, proof.point))));
  } catch {
    return false;
  }
}

function committed({ commitments, index }: Claim) {
  return commitmentAt(commitments.map((point, i) => decodePoint(fromHex(point) ?? new Uint8Array(0), i)), index);
}

function challengeOf(claim: Claim, point: Hex): bigint {
  const parts = [claim.nonce, claim.binding, toHex(committed(claim).toBytes(true)), point];
  const seed = sha256(utf8('neurodata/share-proof/v1'), ...parts.map((part) => sha256(utf8(part.toLowerCase()))), Uint8Array.of(claim.index));
  return scalarFromHash(concat(sha256(Uint8Array.of(1), seed), sha256(Uint8Array.of(2), seed)));
}
