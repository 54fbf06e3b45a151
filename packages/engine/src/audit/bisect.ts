import type { Digest } from '../hash.ts';
import { checkCheckpointProof } from '../run/merkle.ts';

/** One side of a dispute: its root, and the checkpoints that it opens when asked. */
export type Side = { root: Digest; count: number; open(index: number): Promise<Opening> | Opening };

/** A checkpoint's digest with its audit path (RFC 6962). */
export type Opening = { digest: Digest; proof: Digest[] };

/**
 * How a dispute is narrowed. `step`: the sides agree on checkpoint index - 1, if there is one, and differ at `index`: a
 * referee re-executes that one step. `fault`: a side opened what is not under its root. `same`: equal roots.
 */
export type Bisection = { openings: number } & ({ kind: 'same' } | { kind: 'fault'; side: 'a' | 'b' } | { kind: 'step'; index: number });

/**
 * Finds where two runs part by opening at most log2(n) + 2 checkpoints of each. Each state holds the digest of the one
 * before, so that what agrees at one checkpoint agrees at all before it. Source: Canetti, Riva and Rothblum, "Refereed
 * Delegation of Computation", Information and Computation 226 (2013).
 */
export async function bisect(a: Side, b: Side): Promise<Bisection> {
  if (a.root === b.root && a.count === b.count) return { kind: 'same', openings: 0 };
  let openings = 0;
  const agree = async (index: number): Promise<boolean | 'a' | 'b'> => {
    openings += 1;
    const [first, second] = await Promise.all([a.open(index), b.open(index)]);
    if (!isUnder(a, index, first)) return 'a';
    if (!isUnder(b, index, second)) return 'b';
    return first.digest === second.digest;
  };
  // Before `least` they agree, at `most` they differ or one of them has ended.
  let least = 0;
  let most = Math.min(a.count, b.count);
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    const found = await agree(middle);
    if (found === 'a' || found === 'b') return { kind: 'fault', side: found, openings };
    if (found) least = middle + 1;
    else most = middle;
  }
  return { kind: 'step', index: least, openings };
}

function isUnder({ root, count }: Side, index: number, { digest, proof }: Opening): boolean {
  return checkCheckpointProof({ root, digest, index, count, proof });
}
