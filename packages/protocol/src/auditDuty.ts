import { sha256 } from '@noble/hashes/sha2.js';

/** Source: `Segments.sol` and the engine's `drawSegments`; all three are read against `vectors/segments.json`. */
const LEAST_CHECKPOINTS = 1_000;
const DRAWS = 44;

/**
 * How many of a run's steps its committee has to re-execute, from the lot of its round; undefined for a shorter run, of
 * which that is all of them.
 */
export function auditDutyOf({ lot, checkpoints }: { lot: bigint; checkpoints: number }): { drawn: number; all: number } | undefined {
  if (checkpoints < LEAST_CHECKPOINTS) return undefined;
  const all = checkpoints - 1;
  const drawn = new Set([0, all - 1]);
  const bytes = new Uint8Array(36);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(24, lot);
  for (let draw = 0; draw < DRAWS; draw += 1) {
    view.setUint32(32, draw, true);
    const hash = sha256(bytes);
    drawn.add(Number((new DataView(hash.buffer, hash.byteOffset).getBigUint64(0) * BigInt(all)) >> 64n));
  }
  return { drawn: drawn.size, all };
}
