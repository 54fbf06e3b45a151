const MASK = 0xffff_ffff_ffff_ffffn;

/** splitmix64 (Steele, Lea, Flood, OOPSLA 2014) at position `row` of the stream of `seed`. */
export function hashRank(seed: number, row: number): bigint {
  let z = (BigInt(seed) + BigInt(row + 1) * 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/** The rows by hash rank: the first floor(n * testFraction) test, the others train, each in table order. */
export function splitRows(rows: number[], split: { seed: number; testFraction: number }): { train: number[]; test: number[] } {
  const ranked = rows
    .map((row) => ({ row, rank: hashRank(split.seed, row) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.row - b.row))
    .map(({ row }) => row);
  const testRows = Math.floor(rows.length * split.testFraction);
  const inOrder = (part: number[]): number[] => part.sort((a, b) => a - b);
  return { test: inOrder(ranked.slice(0, testRows)), train: inOrder(ranked.slice(testRows)) };
}
