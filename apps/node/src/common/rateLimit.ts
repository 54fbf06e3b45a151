/** Counts per key in fixed windows; keys of past windows are forgotten. */
export type RateLimit = { take(key: string): boolean };

/** `take` is true at most `limit` times per key and `windowMs`. */
export function createRateLimit(parameters: { limit: number; windowMs: number; now?: () => number }): RateLimit {
  const { limit, windowMs, now = Date.now } = parameters;
  let counts = new Map<string, number>();
  let window = 0;
  return {
    take: (key) => {
      const current = Math.floor(now() / windowMs);
      if (current !== window) {
        window = current;
        counts = new Map();
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= limit;
    },
  };
}
