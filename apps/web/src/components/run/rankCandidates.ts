import type { Score } from '@neurodata/engine';
import type { ReceiptBody } from '@neurodata/protocol';

type Search = NonNullable<ReceiptBody['metrics']['search']>;

/** Indices of the candidates, the best first and equals in the order in which they were tried; those without a score come last and have no rank. */
export function rankCandidates({ candidates }: Pick<Search, 'candidates'>, better: Score['better']): { candidate: number; rank: number | undefined }[] {
  const sign = better === 'higher' ? 1 : -1;
  const worth = candidates.map(({ score }) => (score === null ? -Infinity : sign * score.mean));
  const order = [...worth.keys()].sort((a, b) => compare(worth[b] ?? 0, worth[a] ?? 0) || a - b);
  return order.map((candidate) => ({ candidate, rank: candidates[candidate]?.score ? 1 + worth.filter((one) => one > (worth[candidate] ?? 0)).length : undefined }));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
