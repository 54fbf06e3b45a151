import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../common/logger.ts';

export type Loop = { start(): void; /** Has it look now. */ wake(): void; stop(): Promise<void> };

/** Does something again and again: at once while there is more, else after `everyMs` or when woken. A failure is logged, and tried again. */
export function createLoop(parameters: { log: Log; everyMs: number; work: (signal: AbortSignal) => Promise<boolean> }): Loop {
  const { log, everyMs, work } = parameters;
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const { signal } = stopping;
    while (!signal.aborted) {
      const { promise } = (woken = Promise.withResolvers<void>());
      const more = await work(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ error: error instanceof Error ? error.message : String(error) }, 'notifications could not go on; they are tried again');
        return false;
      });
      if (more || signal.aborted) continue;
      const waiting = new AbortController();
      await Promise.race([promise, sleep(everyMs, undefined, { signal: AbortSignal.any([signal, waiting.signal]), ref: false }).catch(() => undefined)]);
      waiting.abort();
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: () => woken.resolve(),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
