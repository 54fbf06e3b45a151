import { EngineError } from '../errors.ts';
import { type Digest, sha256Hex, toHex } from '../hash.ts';
import { prepare } from '../prepare/problem.ts';
import type { TrainSpecInput } from '../spec/types.ts';
import { type StartMember, createTeam } from '../team/team.ts';
import { type Checkpoint, badCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createPause } from './pause.ts';
import { stepsOf } from './train.ts';

export type ReplayOptions = {
  csv: Uint8Array;
  spec: TrainSpecInput;
  /** The state to start from; of an algorithm whose states are a chain, all states up to it, the first one first. */
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
  const team = await createTeam(threads, startMember);
  try {
    const prepared = await prepare({ kernels: team.kernels, csv, spec });
    const { problem, binding } = prepared;
    const read = checkStates(states, binding, problem.algorithm.checkpoints);
    const [last] = read.slice(-1);
    if (last === undefined) throw new EngineError('BAD_CHECKPOINT', 'There is no state to start from: pass at least one.');
    const trainer = await problem.algorithm.start({ problem, team, pause }, read.map(({ kept }) => kept));
    if (trainer.step !== last.step) throw badCheckpoint(`names step ${last.step}, what it keeps is of step ${trainer.step}`);
    if (trainer.loss !== last.loss) throw badCheckpoint(`claims the loss ${last.loss}, what it keeps gives ${trainer.loss}`);
    const found: Checkpoint[] = [];
    let previous: Digest = sha256Hex(states.at(-1) ?? new Uint8Array());
    while (found.length < steps && trainer.step < stepsOf(prepared) && !trainer.converged && (await trainer.advance())) {
      const checkpoint = writeCheckpoint({ binding, step: trainer.step, loss: trainer.loss, kept: trainer.state(), previous });
      previous = checkpoint.digest;
      found.push(checkpoint);
      await pause();
    }
    if (found.length === 0) throw new EngineError('BAD_CHECKPOINT', `No step follows step ${last.step}: the run ends there.`);
    return found;
  } finally {
    team.close();
  }
}

/** {@link replay} of one step. */
export async function replayStep(options: Omit<ReplayOptions, 'steps'>): Promise<Checkpoint> {
  const [checkpoint] = await replay({ ...options, steps: 1 });
  if (checkpoint === undefined) throw new EngineError('BAD_CHECKPOINT', 'No step follows: the run ends there.');
  return checkpoint;
}

function checkStates(states: readonly Uint8Array[], binding: Uint8Array, kind: 'whole' | 'chain'): ReturnType<typeof readCheckpoint>[] {
  const read = states.map((state) => readCheckpoint(state, binding));
  if (kind === 'whole') return read.slice(-1);
  for (const [index, { step, previous }] of read.entries()) {
    if (step !== index) throw badCheckpoint(`at place ${index} is of step ${step}, and this algorithm needs all states from step 0`);
    const before = states[index - 1];
    if (before !== undefined && toHex(previous) !== sha256Hex(before)) throw badCheckpoint(`of step ${step} does not follow the one before`);
  }
  return read;
}
