/** Something that is looked after step by step. */
export type Tended = {
  /** Before this (of `performance.now`, which nobody sets) it is left alone. */
  notBefore: number;
};

export type SideBySide<T extends Tended> = {
  /** Starts a step of each that is due and has none under way; returns at once. */
  visit(items: Iterable<T>, signal: AbortSignal): void;
  /** Resolves once no step is under way. */
  ended(): Promise<void>;
};

/** Looks after things side by side: a step that waits long, for a chain that is away or for a block, keeps no other one waiting. `step` must not reject. */
export function createSideBySide<T extends Tended>(step: (item: T, signal: AbortSignal) => Promise<void>): SideBySide<T> {
  const underWay = new Map<T, Promise<void>>();
  return {
    visit: (items, signal) => {
      for (const item of items) {
        if (signal.aborted) return;
        if (underWay.has(item) || item.notBefore > performance.now()) continue;
        underWay.set(item, step(item, signal).finally(() => underWay.delete(item)));
      }
    },
    ended: async () => {
      await Promise.all(underWay.values());
    },
  };
}
