import type { Checkpoint } from './checkpoint.ts';

/** Bytes of states that a run keeps. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A run's checkpoints. Where each state stands alone, and all would take too many bytes, every other one is dropped, again and again. */
export type CheckpointStore = { checkpoints: Checkpoint[]; add(checkpoint: Required<Checkpoint>): void };

/**
 * `chain` states are all needed and never dropped; together they are not larger than the model's making. `earlier`: of a run
 * that goes on, with the states that its store kept at any time; what it had dropped since is dropped here too.
 */
export function createCheckpointStore(kind: 'whole' | 'chain', { mostBytes = MOST_BYTES, earlier = [] }: { mostBytes?: number; earlier?: readonly Checkpoint[] } = {}): CheckpointStore {
  let every = kind === 'whole' ? spacingOf(earlier) : 1;
  const checkpoints = earlier.map((checkpoint) => (checkpoint.step % every === 0 ? { ...checkpoint } : withoutState(checkpoint)));
  let bytes = checkpoints.reduce((sum, { state }) => sum + (state?.length ?? 0), 0);
  const dropWhileTooMany = (): void => {
    for (; bytes > mostBytes && every < checkpoints.length; every *= 2) {
      for (const [step, checkpoint] of checkpoints.entries()) {
        if (step % (every * 2) === 0 || checkpoint.state === undefined) continue;
        bytes -= checkpoint.state.length;
        delete checkpoint.state;
      }
    }
  };
  if (kind === 'whole') dropWhileTooMany();
  return {
    checkpoints,
    add: (checkpoint) => {
      if (kind === 'whole' && checkpoint.step % every !== 0) {
        checkpoints.push(withoutState(checkpoint));
        return;
      }
      checkpoints.push({ ...checkpoint });
      bytes += checkpoint.state.length;
      if (kind === 'whole') dropWhileTooMany();
    },
  };
}

function withoutState({ step, loss, digest }: Checkpoint): Checkpoint {
  return { step, loss, digest };
}

/** The least power of two of which every multiple has its state. */
function spacingOf(checkpoints: readonly Checkpoint[]): number {
  let every = 1;
  while (every <= checkpoints.length && checkpoints.some(({ step, state }) => step % every === 0 && state === undefined)) every *= 2;
  return every;
}

/**
 * Every how many steps a run keeps a state, from those that it says it kept; undefined where no run keeps just these: every
 * 2^k-th is, and no fewer than its room asks for, so that nobody makes an audit dear by leaving states out.
 */
export function keptEvery(kind: 'whole' | 'chain', checkpoints: number, kept: readonly { step: number; bytes: number }[]): number | undefined {
  const every = kept[1]?.step ?? 1;
  const expected = Math.ceil(checkpoints / every);
  if (kept.length !== expected || kept.some(({ step }, index) => step !== index * every)) return undefined;
  if (every === 1) return 1;
  // Half as many would not have been enough: states of one run differ in length by less than a half.
  const room = kept.reduce((sum, { bytes }) => sum + bytes, 0) > MOST_BYTES / 4;
  return kind === 'whole' && room && Number.isInteger(Math.log2(every)) ? every : undefined;
}
