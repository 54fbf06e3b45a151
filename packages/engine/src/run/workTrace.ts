import { type Digest, sha256, sha256Hex } from '../hash.ts';

/**
 * Follows what training computes between two states and no state holds: gains of splits that were not taken, losses of
 * single batches, sums over rows. Whoever makes a step again comes by it; whoever only has the states does not.
 */
export type WorkTrace = {
  /** Takes in what was computed, alike in any number of threads. */
  note(bytes: Uint8Array): void;
  /** Digest of what was noted since the last call, and of the state to which it led. */
  take(state: Uint8Array): Digest;
};

export function createWorkTrace(): WorkTrace {
  let noted: Uint8Array = new Uint8Array(32);
  return {
    note: (bytes) => {
      noted = sha256(join(noted, bytes));
    },
    take: (state) => {
      const digest = sha256Hex(join(noted, state));
      noted = new Uint8Array(32);
      return digest;
    },
  };
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
