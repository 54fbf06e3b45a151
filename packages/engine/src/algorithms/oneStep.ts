import { badCheckpoint, bytesToDoubles, doublesToBytes } from '../run/checkpoint.ts';
import type { Trainer } from './algorithm.ts';

/**
 * A trainer of an algorithm that finds its numbers at once: one step, whose state is 1 and the body's numbers; 0 alone
 * at the start.
 *
 * @throws EngineError BAD_CHECKPOINT
 */
export function oneStepTrainer({ losses: [before, after], values, states }: { losses: readonly [number, number]; values: Float64Array; states: readonly Uint8Array[] | undefined }): Trainer {
  const [last] = states?.slice(-1) ?? [];
  let step = last === undefined ? 0 : stepOf(last, values);
  return {
    get step() {
      return step;
    },
    get loss() {
      return step === 0 ? before : after;
    },
    get converged() {
      return step === 1;
    },
    advance: () => {
      const moves = step === 0;
      step = 1;
      return Promise.resolve(moves);
    },
    state: () => doublesToBytes(step === 0 ? [0] : [1, ...values]),
    body: () => doublesToBytes(step === 0 ? new Float64Array(values.length) : values),
  };
}

function stepOf(kept: Uint8Array, values: Float64Array): number {
  if (kept.length === 8 && bytesToDoubles(kept, 1)[0] === 0) return 0;
  const [step, ...own] = bytesToDoubles(kept, values.length + 1);
  if (step !== 1 || own.some((value, index) => value !== values[index])) throw badCheckpoint('is not what this table and spec give');
  return 1;
}
