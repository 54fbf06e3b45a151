import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../common/logger.ts';
import type { Loop } from './createLoop.ts';

const HOUR_MS = 3_600_000;

/** Takes away what is no longer needed: at the start, then every hour. `sweep` may throw: the loop logs it and comes back in an hour. */
export function createSweep(parameters: { name: string; everyMs?: number; sweep: (signal: AbortSignal) => Promise<void>; log: Log }): Loop {
  const { name, everyMs = HOUR_MS, sweep, log } = parameters;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await sweep(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error, sweep: name }, 'what is no longer needed could not be taken away; it will be tried again');
      });
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
