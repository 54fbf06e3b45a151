import { EngineError } from '../errors.ts';
import { type Digest, sha256Hex, toHex } from '../hash.ts';
import { openKernels } from '../kernels/index.ts';
import { prepare } from '../prepare/problem.ts';
import type { TrainSpecInput } from '../spec/types.ts';
import type { StartMember } from '../team/team.ts';
import { type Checkpoint, type CheckpointParts, badCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { startCourse } from './course.ts';
import { createPause } from './pause.ts';

export type ReplayOptions = {
  csv: Uint8Array;
  spec: TrainSpecInput;
  /** The state to start from; of an algorithm whose states are a chain, all states of its fit up to it, the first one first, or all of the run. */
  states: readonly Uint8Array[];
  /** Steps to make; 1 if left out. Fewer are made where the run ends. */
  steps?: number;
  signal?: AbortSignal;
  threads?: number;
  startMember?: StartMember;
};

/**
 * Re-executes a segment of a run from a checkpoint's state, as auditors and referees do: the digests of the answer are
 * those of the run's next checkpoints.
 *
 * @throws EngineError BAD_CHECKPOINT when the state is of another run or cannot be right, or no step follows it
 */
export async function replay(options: ReplayOptions): Promise<Checkpoint[]> {
  const { csv, spec, states, steps = 1, signal, threads, startMember } = options;
  const pause = createPause(signal);
  const prepared = await prepare({ kernels: await openKernels(), csv, spec });
  const { problem, binding } = prepared;
  const from = checkStates(states, binding, problem.algorithm.checkpoints);
  const [last] = from.slice(-1);
  if (last === undefined) throw new EngineError('BAD_CHECKPOINT', 'There is no state to start from: pass at least one.');
  const course = await startCourse({ prepared, pause, threads, startMember, from });
  try {
    const found: Checkpoint[] = [];
    let previous: Digest = sha256Hex(states.at(-1) ?? new Uint8Array());
    while (found.length < steps && !course.ended && (await course.advance())) {
      const { step, ratings, trainer } = course;
      const checkpoint = writeCheckpoint({ binding, step, loss: trainer.loss, ratings, kept: trainer.state(), previous });
      previous = checkpoint.digest;
      found.push(checkpoint);
      await pause();
    }
    if (found.length === 0) throw new EngineError('BAD_CHECKPOINT', `No step follows step ${last.step}: the run ends there.`);
    return found;
  } finally {
    course.close();
  }
}

/** {@link replay} of one step. */
export async function replayStep(options: Omit<ReplayOptions, 'steps'>): Promise<Checkpoint> {
  const [checkpoint] = await replay({ ...options, steps: 1 });
  if (checkpoint === undefined) throw new EngineError('BAD_CHECKPOINT', 'No step follows: the run ends there.');
  return checkpoint;
}

/** The states that the present fit needs, the last one last. @throws EngineError BAD_CHECKPOINT where they are not of one run, one after the other */
export function checkStates(states: readonly Uint8Array[], binding: Uint8Array, kind: 'whole' | 'chain'): CheckpointParts[] {
  if (kind === 'whole') return states.slice(-1).map((state) => readCheckpoint(state, binding));
  const read = states.map((state) => readCheckpoint(state, binding));
  const fit = read.at(-1)?.ratings.length;
  const first = read.findIndex(({ ratings }) => ratings.length === fit);
  for (const [index, { step, previous, ratings }] of read.entries()) {
    if (index < first) continue;
    if (step !== (read[first]?.step ?? 0) + index - first || ratings.length !== fit) throw badCheckpoint(`at place ${index} is of step ${step}, and this algorithm needs all states from its fit's start, or from step 0`);
    const before = states[index - 1];
    if (index > 0 && before !== undefined && toHex(previous) !== sha256Hex(before)) throw badCheckpoint(`of step ${step} does not follow the one before`);
  }
  return read.slice(Math.max(first, 0));
}
