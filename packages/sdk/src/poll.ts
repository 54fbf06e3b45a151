import { NeuroError } from '@neurodata/protocol';

export type PollParameters<T> = {
  /** Asked again until it returns something. */
  ask: () => Promise<T | undefined>;
  timeoutMs: number;
  intervalMs?: number;
  /** What is waited for, e.g. "Version 1 of asset 3 to go live". */
  what: string;
  remedy: string;
  signal?: AbortSignal;
};

/** Asks until there is an answer; throws `TIMEOUT` (retryable) after `timeoutMs`. Passing faults of the network are asked over. */
export async function poll<T>(parameters: PollParameters<T>): Promise<T> {
  const { ask, timeoutMs, intervalMs = 500, what, remedy, signal } = parameters;
  const until = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask().catch(passOver);
    if (answer !== undefined) return answer;
    if (performance.now() >= until) throw new NeuroError(`${what} took longer than ${Math.round(timeoutMs / 1000)} s.`, { code: 'TIMEOUT', remedy, retryable: true });
    await new Promise((resolve) => { setTimeout(resolve, intervalMs); });
  }
}

function passOver(error: unknown): undefined {
  if (error instanceof NeuroError && (error.code === 'UNREACHABLE' || error.code === 'TIMEOUT' || error.code === 'NOT_READY')) return undefined;
  throw error;
}
