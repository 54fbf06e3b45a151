import { setTimeout as sleep } from 'node:timers/promises';
import { readPause, syncPause } from '@neurodata/sdk';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import type { ValidatorSetup } from './setup.ts';

const INTERVAL_MS = 5_000;
/** Longer than a transaction takes, so that the first one's is seen by the second. */
const TURN_MS = 700;

/**
 * Tells the market when the guardian has paused new business, when the pause is over, and again while it lasts longer than
 * the market remembers. Anybody may; without somebody who does, a pause would stop nothing.
 */
export function createPauseWatch(setup: ValidatorSetup): Loop {
  const { client, validatorId, log } = setup;
  const tick = async (signal: AbortSignal): Promise<void> => {
    if ((await readPause({ client })).inStep) return;
    await sleep(validatorId * TURN_MS, undefined, { signal });
    const sent = await syncPause({ client });
    if (sent) log.info({ transaction: sent.hash }, 'told the market whether new business is paused');
  };
  return createLoop({ name: 'pause', intervalMs: INTERVAL_MS, tick, log });
}
