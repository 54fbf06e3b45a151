import { expect, test } from 'vitest';
import { projectRewards } from './projectRewards.ts';

const year = 365 * 86_400;
const coin = 10n ** 18n;

test('a year at five percent, while the pool lasts', () => {
  expect(projectRewards({ stake: 1_000n * coin, seconds: year, rewards: { rateBps: 500, unpromised: 10_000n * coin, earning: 20_000n * coin } })).toEqual({ amount: 50n * coin, lasts: 10 * year });
});

test('nothing is promised beyond what the pool holds', () => {
  // All stake earns 1,000 a year and the pool holds 250: it is used up after a quarter.
  expect(projectRewards({ stake: 1_000n * coin, seconds: year, rewards: { rateBps: 500, unpromised: 250n * coin, earning: 20_000n * coin } })).toEqual({ amount: 12_500_000_000_000_000_000n, lasts: year / 4 });
  expect(projectRewards({ stake: 1_000n * coin, seconds: year, rewards: { rateBps: 500, unpromised: 0n, earning: 20_000n * coin } }).amount).toBe(0n);
});

test('where no stake earns, or the rate is nothing, the pool is not used up', () => {
  expect(projectRewards({ stake: 0n, seconds: year, rewards: { rateBps: 500, unpromised: coin, earning: 0n } })).toEqual({ amount: 0n, lasts: null });
  expect(projectRewards({ stake: coin, seconds: year, rewards: { rateBps: 0, unpromised: coin, earning: coin } })).toEqual({ amount: 0n, lasts: null });
});
