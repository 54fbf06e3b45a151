/** A source of choices that always gives the same ones for the same seed. */
export type Random = {
  /** A whole number from 0 to `limit` - 1. */
  below: (limit: number) => number;
  /** True in `percent` of all cases. */
  chance: (percent: number) => boolean;
  pick: <T>(list: readonly T[]) => T;
};

/** mulberry32 (public domain, T. Ettinger): small, and good enough to choose actions. Not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  const pick = <T>(list: readonly T[]): T => {
    const one = list[below(list.length)];
    if (one === undefined) throw new RangeError('Nothing to pick from.');
    return one;
  };
  return { below, pick, chance: (percent) => below(100) < percent };
}
