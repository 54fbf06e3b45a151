const MASK = 0xffff_ffff_ffff_ffffn;

/** Position `index` of splitmix64's stream of `seed` (Steele, Lea, Flood, OOPSLA 2014). */
export function randomKey(seed: bigint, index: number): bigint {
  let z = (seed + (BigInt(index) + 1n) * 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/** Number `index` of a stream, in [0, 1). */
export function uniform(stream: bigint, index: number): number {
  return Number(randomKey(stream, index) >> 11n) / 9_007_199_254_740_992;
}
