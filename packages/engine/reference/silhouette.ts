import { sum } from './features.ts';
import { hashRank } from './split.ts';

export function squaredDistance(a: number[], b: number[]): number {
  return sum(a.map((value, index) => (value - (b[index] ?? 0)) * (value - (b[index] ?? 0))));
}

/** So many of the rows, by the hash rank of their index, in order. */
export function pickRows<T>(rows: T[], most: number, seed: number): T[] {
  const keyed = rows.map((_, index) => ({ index, key: hashRank(seed, index) }));
  const ranked = keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
  const taken = new Set(ranked.slice(0, most).map(({ index }) => index));
  return rows.filter((_, index) => taken.has(index));
}

/** Rousseeuw's silhouette, averaged over at most 2,000 rows; null unless there are 2 to rows - 1 clusters. */
export function silhouette(all: { row: number[]; cluster: number }[], seed: number): number | null {
  const width = all[0]?.row.length ?? 1;
  const rows = pickRows(all, Math.max(2, Math.min(2_000, Math.floor(Math.sqrt(2 ** 28 / width)))), seed);
  const clusters = [...new Set(rows.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  if (clusters.length < 2 || clusters.length >= rows.length) return null;
  const total = sum(rows.map((one) => {
    const members = clusters.map((cluster) => rows.filter((other) => other.cluster === cluster));
    const sums = members.map((others) => sum(others.map((other) => Math.sqrt(squaredDistance(one.row, other.row)))));
    const own = clusters.indexOf(one.cluster);
    const size = members[own]?.length ?? 0;
    if (size === 1) return 0;
    const within = (sums[own] ?? 0) / (size - 1);
    const nearest = Math.min(...sums.map((way, place) => (place === own ? Infinity : way / (members[place]?.length ?? 1))));
    const larger = Math.max(within, nearest);
    return larger === 0 ? 0 : (nearest - within) / larger;
  }));
  const score = total / rows.length;
  return Number.isFinite(score) ? score + 0 : null;
}
