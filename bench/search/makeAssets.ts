import { createRandomNumbers } from '../engine/randomNumbers.ts';

/** What a generated asset says, in plain words. */
export type MadeAsset = { assetId: number; kind: string; owner: string; title: string; tags: string[]; columns: string[]; description: string; license: string; category: string; task: string; rows: number; size: number; price: number | null; live: boolean };

export const vocabulary = 60_000;
/** Titles and tags use the words that people search for: fewer than descriptions do. */
const titleWords = 20_000;
const tagWords = 2_000;
const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'jo', 'ki', 'la', 'me', 'ni', 'po', 'qua', 'ri', 'su', 'ta', 'vo', 'wi', 'xe', 'zu', 'bra', 'cli', 'dro', 'fle', 'gra', 'plu', 'stra', 'tri'];
const ends = ['n', 'r', 't', 'l', 'm', 'x', 'k', 'p'];
const licenses = ['CC0-1.0', 'CC-BY-4.0', 'MIT', 'ODbL-1.0', 'Apache-2.0', 'CC-BY-NC-4.0'];
const categories = ['science', 'health', 'finance', 'climate', 'transport', 'biology', 'retail', 'language', 'vision', 'social', 'energy', 'government', 'audio', 'sport', 'other'];
const tasks = ['classification', 'regression', 'other', 'forecasting', 'text', 'image', 'clustering'];

/** A word that no other number has. */
export function wordOf(rank: number): string {
  let text = ends[rank % ends.length]!;
  for (let rest = Math.floor(rank / ends.length) + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length)) text = `${syllables[rest % syllables.length]}${text}`;
  return text;
}

/** Ranks below `size`, the frequent ones small: Zipf's law with exponent 1, by its inverse. */
export function zipf(uniform: () => number, size: number): number {
  return Math.min(size - 1, Math.floor((size + 1) ** uniform()) - 1);
}

/** Assets that are the same in every run, one after the other. */
export function* makeAssets(count: number, seed = 20_261): Generator<MadeAsset> {
  const { uniform } = createRandomNumbers(seed);
  const words = (least: number, most: number, size: number): string[] => Array.from({ length: least + Math.floor(uniform() * (most - least + 1)) }, () => wordOf(zipf(uniform, size)));
  const pick = <T>(from: readonly T[]): T => from[zipf(uniform, from.length)]!;
  for (let assetId = 1; assetId <= count; assetId += 1) {
    yield {
      assetId, kind: uniform() < 0.8 ? 'dataset' : 'model', owner: `0x${(4096 + zipf(uniform, 5_000)).toString(16).padStart(40, '0')}`,
      title: words(2, 6, titleWords).join(' '), tags: [...new Set(words(1, 5, tagWords))], columns: [...new Set(words(3, 14, titleWords))], description: words(15, 50, vocabulary).join(' '),
      license: pick(licenses), category: pick(categories), task: pick(tasks), rows: Math.floor(10 ** (2 + uniform() * 5)), size: Math.floor(10 ** (3 + uniform() * 6)),
      price: uniform() < 0.1 ? null : uniform() < 0.1 ? 0 : Math.floor(10 ** (uniform() * 3.3)), live: uniform() < 0.9,
    };
  }
}
