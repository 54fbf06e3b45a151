/** What waits for its turn: the largest gain first, of equals the one with the lower node. */
export type Waiting = { node: number; gain: number };

/** A binary heap. */
export type LeafHeap<T extends Waiting> = { readonly size: number; push(item: T): void; pop(): T | undefined };

export function createLeafHeap<T extends Waiting>(): LeafHeap<T> {
  const items: T[] = [];
  const before = (a: number, b: number): boolean => {
    const [first, second] = [items[a], items[b]];
    if (first === undefined || second === undefined) return false;
    return first.gain > second.gain || (first.gain === second.gain && first.node < second.node);
  };
  const swap = (a: number, b: number): void => {
    const [first, second] = [items[a], items[b]];
    if (first === undefined || second === undefined) return;
    items[a] = second;
    items[b] = first;
  };
  return {
    get size() {
      return items.length;
    },
    push: (item) => {
      items.push(item);
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop: () => {
      swap(0, items.length - 1);
      const top = items.pop();
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const best = before(right, left) ? right : left;
        if (!before(best, at)) break;
        swap(at, best);
        at = best;
      }
      return top;
    },
  };
}
