import type { Change } from '@neurodata/protocol';
import type { Changes } from '../../common/changes.ts';

/** A reader that leaves this many unread is cut off; it comes back by itself. */
const mostUnread = 1_000;

/** Changes as they come, those with one of the topics where some are named; ends when the reader leaves. */
export function followChanges(changes: Pick<Changes, 'subscribe'>, topics: readonly string[] | undefined): AsyncIterableIterator<Change> {
  const wanted = topics && new Set(topics);
  const unread: Change[] = [];
  let wake: PromiseWithResolvers<void> | undefined;
  let ended = false;
  const unsubscribe = changes.subscribe((change) => {
    if (wanted && !change.topics.some((topic) => wanted.has(topic))) return;
    unread.push(change);
    if (unread.length > mostUnread) end();
    wake?.resolve();
  });
  const end = (): void => {
    ended = true;
    unsubscribe();
    wake?.resolve();
  };
  const next = async (): Promise<IteratorResult<Change>> => {
    if (!ended && unread.length === 0) {
      wake = Promise.withResolvers<void>();
      await wake.promise;
    }
    const value = ended ? undefined : unread.shift();
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  };
  const stop = async (): Promise<IteratorResult<Change>> => {
    end();
    return { done: true, value: undefined };
  };
  return { next, return: stop, throw: stop, [Symbol.asyncIterator]() { return this; } };
}
