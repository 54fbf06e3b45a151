import type { Log } from '../common/logger.ts';
import { createLoop } from './createLoop.ts';
import type { Loop } from './createLoop.ts';

const HOUR_MS = 3_600_000;

/** Takes away what is no longer needed: at the start, then every hour, also after failures. */
export function createSweep({ name, sweep, log }: { name: string; sweep: (signal: AbortSignal) => Promise<void>; log: Log }): Loop {
  return createLoop({ name, intervalMs: HOUR_MS, longestWaitMs: HOUR_MS, tick: sweep, log });
}
