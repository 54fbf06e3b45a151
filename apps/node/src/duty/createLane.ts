/** Lets one piece of work run at a time, in the order in which they were asked for. One whose signal is aborted meanwhile never starts. */
export type Lane = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Heavy work of all roles of a node passes through one lane, so that they do not take the machine together. */
export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    const turn = last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
