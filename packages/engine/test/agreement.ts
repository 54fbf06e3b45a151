import { expect } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { EngineError, type TrainResult, type TrainSpecInput, replay, train } from '../src/index.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';

/** Trains, and expects the same result of the twin, of 2, 3 and 4 threads, and of a run resumed from each state. */
export async function expectAgreement(csv: Uint8Array, spec: TrainSpecInput): Promise<TrainResult> {
  const result = await train({ csv, spec });
  expect(trainReference({ csv, spec })).toEqual(result);
  for (const threads of [2, 3, 4]) expect(await train({ csv, spec, threads, startMember: startNodeMember })).toEqual(result);
  for (const [index, { state }] of result.checkpoints.slice(0, -1).entries()) {
    if (state === undefined) continue;
    const found = await replay({ csv, spec, states: [state], steps: result.steps, threads: 2, startMember: startNodeMember });
    expect(found).toEqual(result.checkpoints.slice(index + 1));
  }
  return result;
}

/** Whether a table can be learned; where it can, the twin must agree. Other codes than those that are allowed fail. */
export async function learnsLikeTwin(csv: Uint8Array, spec: TrainSpecInput, allowed: readonly string[]): Promise<boolean> {
  let result;
  try {
    result = await train({ csv, spec });
  } catch (error) {
    if (!(error instanceof EngineError) || !allowed.includes(error.code)) throw error;
    return false;
  }
  expect(trainReference({ csv, spec })).toEqual(result);
  return true;
}
