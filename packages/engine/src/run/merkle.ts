import { EngineError } from '../errors.ts';
import { type Digest, fromHex, sha256, sha256Into, toHex } from '../hash.ts';

// The Merkle tree of RFC 6962, section 2.1: leaves are sha256(0x00 | digest), nodes are
// sha256(0x01 | left | right), a list of n splits at the largest power of two below n.

const DIGEST = /^0x[0-9a-f]{64}$/;

/** The root over checkpoint digests, the first at index 0. At least one is needed. */
export function checkpointRoot(digests: Digest[]): Digest {
  return toHex(rootOver(leaves(digests)));
}

/**
 * The audit path of one checkpoint, from its sibling up to the root (RFC 6962, section 2.1.1).
 *
 * @throws EngineError BAD_CHECKPOINT when there is no such index
 */
export function checkpointProof(digests: Digest[], index: number): Digest[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= digests.length) {
    throw new EngineError('BAD_CHECKPOINT', `There is no checkpoint ${index}: the indices are 0 to ${digests.length - 1}.`);
  }
  return path(leaves(digests), index).map(toHex);
}

/** Whether `digest` is the checkpoint at `index` of the `count` under `root`. Malformed input is false. */
export function checkCheckpointProof(parameters: { root: Digest; digest: Digest; index: number; count: number; proof: Digest[] }): boolean {
  const { root, digest, index, count, proof } = parameters;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count) || index < 0 || index >= count || count > 2 ** 31) return false;
  if (![root, digest, ...proof].every((value) => DIGEST.test(value))) return false;
  // RFC 9162, section 2.1.3.2, which also fixes the length of the path.
  let place = index;
  let last = count - 1;
  let hash = leaf(digest);
  for (const sibling of proof.map(fromHex)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = node(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place >>>= 1;
        last >>>= 1;
      }
    } else {
      hash = node(hash, sibling);
    }
    place >>>= 1;
    last >>>= 1;
  }
  return last === 0 && toHex(hash) === root;
}

/** The first index at which two runs' checkpoint digests differ or one of them ends; undefined when equal. */
export function firstDifference(a: Digest[], b: Digest[]): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) if (a[index] !== b[index]) return index;
  return a.length === b.length ? undefined : shared;
}

const BYTES = 32;

function leaf(digest: Digest): Uint8Array {
  return hashBehind(0, fromHex(digest));
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(BYTES * 2);
  both.set(left);
  both.set(right, BYTES);
  return hashBehind(1, both);
}

function hashBehind(first: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + bytes.length);
  message[0] = first;
  message.set(bytes, 1);
  return sha256(message);
}

/** The hashes of the leaves, one behind the other. */
function leaves(digests: readonly Digest[]): Uint8Array {
  const hashes = new Uint8Array(digests.length * BYTES);
  const message = new Uint8Array(1 + BYTES);
  for (let index = 0; index < digests.length; index += 1) {
    message.set(fromHex(digests[index] as Digest), 1);
    sha256Into(message, hashes, index * BYTES);
  }
  return hashes;
}

function half(count: number): number {
  let size = 1;
  while (size * 2 < count) size *= 2;
  return size;
}

/** The root over leaves' hashes, which are overwritten: pairs become nodes, and one without a neighbour waits for the next round. */
function rootOver(hashes: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + BYTES * 2);
  message[0] = 1;
  let count = hashes.length / BYTES;
  for (; count > 1; count = Math.ceil(count / 2)) {
    for (let pair = 0; pair + 1 < count; pair += 2) {
      for (let at = 0; at < BYTES * 2; at += 1) message[1 + at] = hashes[pair * BYTES + at] as number;
      sha256Into(message, hashes, (pair / 2) * BYTES);
    }
    if (count % 2 === 1) hashes.copyWithin(((count - 1) / 2) * BYTES, (count - 1) * BYTES, count * BYTES);
  }
  if (count === 0) throw new EngineError('BAD_CHECKPOINT', 'A run without checkpoints has no root: pass at least one digest.');
  return hashes.slice(0, BYTES);
}

function path(hashes: Uint8Array, index: number): Uint8Array[] {
  if (hashes.length === BYTES) return [];
  const split = half(hashes.length / BYTES);
  const left = hashes.slice(0, split * BYTES);
  const right = hashes.slice(split * BYTES);
  return index < split ? [...path(left, index), rootOver(right)] : [...path(right, index - split), rootOver(left)];
}
