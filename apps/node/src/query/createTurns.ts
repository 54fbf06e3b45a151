import { HubError } from '@neurodata/sdk';

/** Lets some work go on at once and some wait, in order; whoever comes when that is full is sent away with a 503. */
export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < atOnce) running += 1;
    else if (queue.length < waiting) await new Promise<void>((resolve) => { queue.push(resolve); });
    else throw new HubError('Too many questions are asked at once.', { status: 503, code: 'Unavailable', headers: { 'retry-after': '5' } });
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
