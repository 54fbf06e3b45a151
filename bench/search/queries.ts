import { createRandomNumbers } from '../engine/randomNumbers.ts';
import { wordOf, zipf } from './makeAssets.ts';

export type BenchQuery = Record<string, string>;

/** What people ask: from a seed that was fixed before anything was tuned. One word, two of one title, the beginning of one, a misspelt one, filters, facets, other orders. */
export function makeQueries(count: number): BenchQuery[] {
  const { uniform } = createRandomNumbers(4_711);
  const word = (): string => wordOf(zipf(uniform, 20_000));
  const filter = (): BenchQuery => (uniform() < 0.5 ? { category: ['science', 'health', 'finance', 'climate'][Math.floor(uniform() * 4)]! } : { kind: 'dataset', verified: 'yes' });
  const kinds: (() => BenchQuery)[] = [
    () => ({ q: word() }), () => ({ q: word() }), () => ({ q: `${word()} ${word()}` }), () => ({ q: `${word()} ${word()}` }), () => ({ q: `${word()} ${word()} ${word()}` }),
    () => ({ q: word().slice(0, -1) }), () => swapped(word()), () => filter(), () => ({ ...filter(), q: word(), facets: 'true' }), () => ({ ...filter(), sort: ['popular', 'newest', 'price', 'trending'][Math.floor(uniform() * 4)]! }),
  ];
  return Array.from({ length: count }, () => kinds[Math.floor(uniform() * kinds.length)]!());
}

function swapped(word: string): BenchQuery {
  const at = Math.max(1, Math.floor(word.length / 2));
  return { q: `${word.slice(0, at - 1)}${word[at]}${word[at - 1]}${word.slice(at + 1)}` };
}
