import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../common/logger.ts';
import type { Service } from '../common/service.ts';

const idleMs = 500;

export type ReaderParameters = {
  log: Log;
  /** What is read, for the log. */
  what: string;
  /** Reads what is due, up to `batch` at once, and says how many there were; writes nothing more once `signal` is aborted. */
  readDue: (signal: AbortSignal) => Promise<number>;
  batch: number;
};

/** Reads what is due for as long as it runs: again at once after a full batch, else after a pause or when it is woken. */
export function createReader({ log, what, readDue, batch }: ReaderParameters): Service & { wake(): void } {
  const abort = new AbortController();
  let wakeUp = new AbortController();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      const found = await readDue(abort.signal).catch((error: unknown) => {
        log.warn({ error: String(error) }, `${what} could not be read`);
        return 0;
      });
      if (found === batch) continue;
      wakeUp = new AbortController();
      await sleep(idleMs, undefined, { signal: AbortSignal.any([abort.signal, wakeUp.signal]) }).catch(() => undefined);
    }
  };
  return {
    start: async () => {
      running ??= run();
    },
    stop: async () => {
      abort.abort();
      await running;
    },
    wake: () => wakeUp.abort(),
  };
}
