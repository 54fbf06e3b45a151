import { type StakeFacts, type StakeRewards, projectRewards } from '@neurodata/sdk';
import { t } from '../../language/t.ts';
import { duration } from '../Amounts.tsx';

const YEAR = 365 * 86_400;

type Parameters = { staking: { stake: Pick<StakeFacts, 'stake'>; rewards: Pick<StakeRewards, 'rateBps' | 'unpromised' | 'earning'> }; added: bigint };

/** What the stake, with so much added, earns within a year, and on what that depends. */
export function projected({ staking: { stake, rewards }, added }: Parameters): { amount: bigint; text: string } {
  const { amount, lasts } = projectRewards({ stake: stake.stake + added, seconds: YEAR, rewards: { ...rewards, earning: rewards.earning + added } });
  return { amount, text: rewards.unpromised === 0n ? t`the pool is used up` : lasts !== null && lasts < YEAR ? t`the pool lasts ${duration(lasts)}` : t`if nothing changes` };
}
