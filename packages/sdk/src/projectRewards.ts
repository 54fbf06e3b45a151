import type { StakeRewards } from './readStakeRewards.ts';

const YEAR_SECONDS = 365n * 86_400n;

/**
 * What `stake` base units earn in `seconds` at a yearly rate, where nothing else changes, and for how many seconds the pool
 * can pay all stake; null: it is not used up, as nothing earns. `earning` counts the stake already. Nothing accrues that the
 * pool does not hold.
 */
export function projectRewards(parameters: { stake: bigint; seconds: number; rewards: Pick<StakeRewards, 'rateBps' | 'unpromised' | 'earning'> }): { amount: bigint; lasts: number | null } {
  const { stake, seconds, rewards: { rateBps, unpromised, earning } } = parameters;
  const yearly = (earning * BigInt(rateBps)) / 10_000n;
  const lasts = yearly === 0n ? null : Number((unpromised * YEAR_SECONDS) / yearly);
  const paying = lasts === null ? seconds : Math.min(seconds, lasts);
  return { amount: (stake * BigInt(rateBps) * BigInt(paying)) / (10_000n * YEAR_SECONDS), lasts };
}
