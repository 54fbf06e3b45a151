import type { TrainSpecInput } from '@neurodata/engine';
import type { Trainer } from '../../packages/engine/src/algorithms/algorithm.ts';
import { sharedKernels } from '../../packages/engine/src/kernels/index.ts';
import { prepare } from '../../packages/engine/src/prepare/problem.ts';
import { createPause } from '../../packages/engine/src/run/pause.ts';
import { createTeam } from '../../packages/engine/src/team/team.ts';

/** A state: what the algorithm keeps, and its loss. */
export type Made = { kept: Uint8Array; loss: number };

/** Somebody who trains, honestly, from any state. */
export type Side = {
  binding: Uint8Array;
  /** The state before the first step. */
  start(): Promise<Made>;
  /** The state after one step from this one. */
  step(from: Made): Promise<Made>;
};

/** Prepares a table for training from any state. */
export async function openSide(csv: Uint8Array, spec: TrainSpecInput): Promise<Side> {
  const { problem, binding } = await prepare({ kernels: sharedKernels(), csv, spec });
  const team = await createTeam({ source: problem.source });
  const trainer = await problem.algorithm.start({ problem, team, pause: createPause() });
  let at: Made | undefined;
  const resume = async (states: Uint8Array[]): Promise<void> => {
    if (trainer.resume === undefined) throw new Error(`${problem.algorithm.name} cannot be resumed in place.`);
    await trainer.resume(states);
  };
  const made = (one: Trainer): Made => {
    at = { kept: one.state(), loss: one.loss };
    return at;
  };
  return {
    binding,
    start: async () => {
      await resume([]);
      return made(trainer);
    },
    step: async (from) => {
      if (from !== at) await resume([from.kept]);
      if (!(await trainer.advance())) throw new Error('The run has ended.');
      return made(trainer);
    },
  };
}
