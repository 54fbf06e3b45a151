// splitmix64 as a counter-based generator: key(i) = mix(seed + (i + 1) * gamma) mod 2^64.
// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014;
// the constants are those of https://prng.di.unimi.it/splitmix64.c (public domain).

/** Writes the u64 hash rank of the rows [first, last) to keys[first..last). */
export function hashRanks(seed: u64, keys: usize, first: i32, last: i32): void {
  for (let row = first; row < last; row++) {
    let z = seed + <u64>(row + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    store<u64>(keys + (<usize>row << 3), z ^ (z >> 31));
  }
}
