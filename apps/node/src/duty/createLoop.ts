import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../common/logger.ts';

export type LoopParameters = {
  name: string;
  /** Wait between two ticks, milliseconds; 250 by default. */
  intervalMs?: number;
  /** Wait after many failures, milliseconds; ten seconds by default. Short where a deadline of the chain may pass meanwhile. */
  longestWaitMs?: number;
  /** Does what is due now. May throw: the loop logs it, waits longer and comes back. */
  tick: (signal: AbortSignal) => Promise<void>;
  log: Log;
};

/** `stop` aborts the tick's signal and resolves when the tick under way has ended. */
export type Loop = { start(): void; stop(): Promise<void> };

/** Calls `tick` again and again, never twice at a time. After failures the wait doubles. */
export function createLoop(parameters: LoopParameters): Loop {
  const { name, intervalMs = 250, longestWaitMs = 10_000, tick, log } = parameters;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await tick(stopping.signal);
        failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures += 1;
        log.warn({ err: error, loop: name, failures }, 'a tick failed; it will be tried again');
      }
      await sleep(Math.min(intervalMs * 2 ** failures, longestWaitMs), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

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
