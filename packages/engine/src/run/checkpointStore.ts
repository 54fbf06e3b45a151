import type { Checkpoint } from './checkpoint.ts';

/** Bytes of states that a run keeps. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A run's checkpoints. Where each state stands alone, and all would take too many bytes, every other one is dropped, again and again. */
export type CheckpointStore = { checkpoints: Checkpoint[]; add(checkpoint: Required<Checkpoint>): void };

/** `chain` states are all needed and never dropped; together they are not larger than the model's making. */
export function createCheckpointStore(kind: 'whole' | 'chain', mostBytes = MOST_BYTES): CheckpointStore {
  const checkpoints: Checkpoint[] = [];
  let every = 1;
  let bytes = 0;
  const dropWhileTooMany = (): void => {
    for (; bytes > mostBytes && every < checkpoints.length; every *= 2) {
      for (const [step, checkpoint] of checkpoints.entries()) {
        if (step % (every * 2) === 0 || checkpoint.state === undefined) continue;
        bytes -= checkpoint.state.length;
        delete checkpoint.state;
      }
    }
  };
  return {
    checkpoints,
    add: (checkpoint) => {
      if (kind === 'whole' && checkpoint.step % every !== 0) {
        const { step, loss, digest } = checkpoint;
        checkpoints.push({ step, loss, digest });
        return;
      }
      checkpoints.push({ ...checkpoint });
      bytes += checkpoint.state.length;
      if (kind === 'whole') dropWhileTooMany();
    },
  };
}
