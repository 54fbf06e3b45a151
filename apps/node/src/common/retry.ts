import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';

export type RetryParameters = {
  signal: AbortSignal;
  /** Wait after the first failure, milliseconds; doubles after each one. */
  firstMs: number;
  maxMs: number;
  /** Called with each failure, before the wait. */
  onFailure?: (error: unknown, waitMs: number) => void;
};

/** Calls `work` until it succeeds; throws only when `signal` aborts. Waits are jittered by a quarter, so that peers do not knock in step. */
export async function retry<T>(work: () => Promise<T>, parameters: RetryParameters): Promise<T> {
  const { signal, firstMs, maxMs, onFailure } = parameters;
  for (let waitMs = firstMs; ; waitMs = Math.min(waitMs * 2, maxMs)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      onFailure?.(error, waitMs);
      await sleep(waitMs * (0.75 + Math.random() / 2), undefined, { signal });
    }
  }
}

/** Waits for `work` at most `ms` milliseconds; then throws TIMEOUT naming `what`. The work itself goes on. */
export async function withDeadline<T>(work: Promise<T>, parameters: { ms: number; what: string }): Promise<T> {
  const { ms, what } = parameters;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NeuroError(`${what} did not answer within ${ms} ms.`, { code: 'TIMEOUT', retryable: true, remedy: 'Try again.' })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
