import { sha256 } from '@noble/hashes/sha2.js';
import { EngineError } from '../errors.ts';
import { type Digest, fromHex } from '../hash.ts';

/** Runs with fewer checkpoints are re-executed whole: so few draws as a long run takes would be most of it. */
export const leastCheckpoints = 1_000;

/** What finds a forgery of a tenth of the steps with 99 %: 1 - 0.9^44 = 0.990. */
export const usualSegments = 44;

/** Steps to re-execute, rising. Segment i leads from checkpoint i to checkpoint i + 1. */
export type DrawnSegments = { whole: boolean; segments: number[] };

/**
 * Draws the segments of an audit: `count` of them with replacement, each as likely as any other, and always the first and
 * the last. Draw j is the upper 64 bits of sha256(seed, u32 j little-endian), times the segments, over 2^64. The seed has to be
 * unknown until the checkpoints are fixed: take a later block's hash.
 *
 * @example drawSegments({ seed: blockHash, checkpoints: digests.length, count: 44 })
 * @throws EngineError BAD_SPEC for a seed that is no 32 bytes, or a count that is no whole number
 */
export function drawSegments({ seed, checkpoints, count = usualSegments }: { seed: Digest; checkpoints: number; count?: number }): DrawnSegments {
  if (!/^0x[0-9a-f]{64}$/.test(seed)) throw new EngineError('BAD_SPEC', `The seed ${seed} is no 32 bytes: give 0x and 64 lower-case hexadecimal digits.`);
  if (!Number.isSafeInteger(count) || count < 1) throw new EngineError('BAD_SPEC', `${count} segments cannot be drawn: give a whole number of at least 1.`);
  const all = checkpoints - 1;
  if (checkpoints < leastCheckpoints || count >= all) return { whole: true, segments: Array.from({ length: Math.max(all, 0) }, (_, segment) => segment) };
  const drawn = new Set([0, all - 1]);
  const bytes = new Uint8Array(36);
  bytes.set(fromHex(seed));
  for (let draw = 0; draw < count; draw += 1) {
    new DataView(bytes.buffer).setUint32(32, draw, true);
    const hash = sha256(bytes);
    const high = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
    drawn.add(Number((high * BigInt(all)) >> 64n));
  }
  return { whole: false, segments: [...drawn].sort((a, b) => a - b) };
}
