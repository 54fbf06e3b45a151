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

/** Lets timers, input and messages run. A timer of 0 would rest for a millisecond: a message comes at once. */
export function yieldNow(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    }, { once: true });
    port1.start();
    port2.postMessage(null);
  });
}

/** Lets others run between short calls; throws when the run is aborted. */
export type Pause = () => Promise<void> | undefined;
