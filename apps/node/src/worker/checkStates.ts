import type { Checkpoint, TrainSpec } from '@neurodata/engine';
import { replayInThread, trainInThread } from '../duty/runInThread.ts';
import type { ThreadLimits } from '../duty/runInThread.ts';

/** Copies of the table that are in memory at the same time, beside that of the run. */
const MOST_STRETCHES = 4;

/**
 * The first step in which the states of an unfinished run differ from the run of this table and spec; undefined where in
 * none. Everything is executed again, in `threads` stretches at the same time that begin at states which were kept: each
 * is right if the ones before it are, so together they are as good as a run from the start.
 *
 * @throws EngineError BAD_CHECKPOINT for a state that cannot be right; TIMEOUT
 */
export async function findForgedStep(parameters: ThreadLimits & { csv: Uint8Array; spec: TrainSpec; states: readonly Checkpoint[]; threads: number }): Promise<number | undefined> {
  const { csv, spec, states, threads, ...limits } = parameters;
  const stretches = divide(states, Math.min(threads, MOST_STRETCHES));
  const found = await Promise.all(stretches.map(async ({ from, to }) => {
    const again = from === 0
      // Only a run from its start makes the first state.
      ? (await trainInThread({ csv, spec, lastStep: to, ...limits })).checkpoints
      : await replayInThread({ csv, spec, states: states.slice(0, from + 1).flatMap(({ state }) => state ?? []), steps: to - from, ...limits });
    return states.slice(from === 0 ? 0 : from + 1, to + 1).find((said, index) => !isSame(said, again[index]))?.step;
  }));
  return found.find((step) => step !== undefined);
}

function isSame(said: Checkpoint, again: Checkpoint | undefined): boolean {
  return again !== undefined && said.step === again.step && said.digest === again.digest && Object.is(said.loss, again.loss);
}

/** Stretches of about the same number of steps, each from a state that was kept to another, or the last. */
export function divide(states: readonly Checkpoint[], count: number): { from: number; to: number }[] {
  const last = states.length - 1;
  const inner = Array.from({ length: count - 1 }, (_, index) => states.find(({ step, state }) => state !== undefined && step >= ((index + 1) * last) / count)?.step ?? last);
  const bounds = [...new Set([0, ...inner, last])];
  return bounds.length === 1 ? [{ from: 0, to: last }] : bounds.slice(1).map((to, index) => ({ from: bounds[index] ?? 0, to }));
}
