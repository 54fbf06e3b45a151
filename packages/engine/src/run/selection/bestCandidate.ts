import type { Search } from '../../spec/types.ts';

/** Mean rating of each candidate whose folds are all rated: ratings come candidate by candidate, fold by fold. Higher is better. */
export function candidateMeans({ folds }: Search, candidates: number, ratings: readonly number[]): number[] {
  return Array.from({ length: candidates }, (_, candidate) => {
    let sum = 0;
    for (const rating of ratings.slice(candidate * folds, (candidate + 1) * folds)) sum += rating;
    return sum / folds;
  });
}

/** The first of the best candidates. */
export function bestCandidate(search: Search, candidates: number, ratings: readonly number[]): number {
  const means = candidateMeans(search, candidates, ratings);
  return means.reduce((best, mean, candidate) => (mean > (means[best] ?? 0) ? candidate : best), 0);
}
