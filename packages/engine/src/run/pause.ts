import { EngineError } from '../errors.ts';

const SLICE_MILLISECONDS = 16;

/** A pause that yields to the event loop once a slice of time is used up, and throws when aborted. */
export function createPause(signal?: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  const rest = async (): Promise<void> => {
    await yieldNow();
    since = performance.now();
  };
  return () => {
    if (signal?.aborted === true) throw new EngineError('ABORTED', 'Training was aborted: start it again for a result.', { cause: signal.reason });
    if (performance.now() - since < SLICE_MILLISECONDS) return undefined;
    return rest();
  };
}

/** Lets timers, input and messages run. */
export function yieldNow(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Lets others run between short calls; throws when the run is aborted. */
export type Pause = () => Promise<void> | undefined;
