import { keccak256, toHex } from 'viem';
import { expect, test } from 'vitest';
import { leaderboardSplitOf, leaderboardStanding, type StandingParameters } from './leaderboard.ts';

const known = { chainId: 31_337, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', assetId: 1, version: 1, blockHash: `0x${'b1'.repeat(32)}` } as const;

test('the seed is what anybody gets from the same public facts', () => {
  expect(leaderboardSplitOf(known)).toEqual({ rule: 'hash-rank', seed: 631_689_764, testFraction: 0.25 });
});

test('the hashed bytes, laid out by hand', () => {
  const word = (hex: string): string => hex.padStart(64, '0');
  const domain = toHex('neurodata leaderboard split 1').slice(2);
  const bytes = [word('c0'), word((31_337).toString(16)), word(known.registry.slice(2)), word('1'), word('1'), 'b1'.repeat(32), word((domain.length / 2).toString(16)), domain.padEnd(64, '0')].join('');
  expect(Number(BigInt(keccak256(`0x${bytes}`)) >> 224n)).toBe(leaderboardSplitOf(known).seed);
});

test('each of the facts decides', () => {
  const others = [{ chainId: 1 }, { registry: '0x0000000000000000000000000000000000000001' }, { assetId: 2 }, { version: 2 }, { blockHash: `0x${'b2'.repeat(32)}` }] as const;
  const seeds = [known, ...others.map((other) => ({ ...known, ...other }))].map((facts) => leaderboardSplitOf(facts).seed);
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0 && seed <= 0xffffffff)).toBe(true);
});

const split = leaderboardSplitOf(known);
const run: StandingParameters = { state: 'settled', totalSteps: 0, train: { task: 'classification', target: 'species', split }, split };

test.each<[string, Partial<StandingParameters>, 'yes' | 'later' | 'no']>([
  ['a settled run on the split', {}, 'yes'],
  ['one whose receipt is only accepted: somebody may still object', { state: 'accepted' }, 'later'],
  ['one that runs', { state: 'claimed' }, 'later'],
  ['one that was rejected', { state: 'rejected' }, 'no'],
  ['one that was slashed', { state: 'slashed' }, 'no'],
  ['one whose money went back', { state: 'refunded' }, 'no'],
  ['one that ended early', { totalSteps: 7 }, 'no'],
  ['another seed', { train: { ...run.train, split: { ...split, seed: (split.seed + 1) % 2 ** 32 } } }, 'no'],
  ['another share', { train: { ...run.train, split: { ...split, testFraction: 0.2 } } }, 'no'],
  ['clusters', { train: { task: 'clustering', target: null, split } }, 'no'],
  ['before the chain has fixed it', { split: undefined }, 'no'],
])('%s', (_, change, counts) => {
  expect(leaderboardStanding({ ...run, ...change }).counts).toBe(counts);
});
