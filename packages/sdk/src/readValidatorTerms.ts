import { type FaultCosts, accusationsAbi, faultCosts, stakingAbi, validatorsAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { StakeRewards } from './readStakeRewards.ts';

/**
 * What being a validator takes, earns and can cost now; amounts in base units of NCR. `roundFee` is shared by the members of a committee that were right; `falseShare` is what
 * a grant that was found false costs. `active` of at most `mostActive` places are taken.
 */
export type ValidatorTerms = {
  minStake: bigint; roundFee: bigint; committeeSize: number; costs: FaultCosts; falseShare: bigint; active: number; mostActive: number;
  rewards: Pick<StakeRewards, 'rateBps' | 'unbondSeconds' | 'unpromised' | 'earning'>;
};

/** Reads the terms of validators from the chain. Throws `UNREACHABLE`, `TIMEOUT`. */
export async function readValidatorTerms(parameters: { client: NeuroClient }): Promise<ValidatorTerms> {
  const { client: { publicClient, config: { deployment: { addresses } } } } = parameters;
  const validators = { address: addresses.validators, abi: validatorsAbi } as const;
  const staking = { address: addresses.staking, abi: stakingAbi } as const;
  try {
    const [rules, active, mostActive, { lossBps }, rateBps, unbondSeconds, unpromised, earning] = await Promise.all([
      publicClient.readContract({ ...validators, functionName: 'params' }),
      publicClient.readContract({ ...validators, functionName: 'activeCount' }),
      publicClient.readContract({ ...validators, functionName: 'MAX_ACTIVE' }),
      publicClient.readContract({ address: addresses.accusations, abi: accusationsAbi, functionName: 'params' }),
      publicClient.readContract({ ...staking, functionName: 'rateBps' }),
      publicClient.readContract({ ...staking, functionName: 'unbondDelay' }),
      publicClient.readContract({ ...staking, functionName: 'unpromised' }),
      publicClient.readContract({ ...staking, functionName: 'earningStake' }),
    ]);
    const { minStake, roundFee, committeeSize } = rules;
    return {
      minStake, roundFee, committeeSize, costs: faultCosts({ locked: minStake, ...rules }), falseShare: (minStake * BigInt(lossBps)) / 10_000n, active, mostActive: Number(mostActive),
      rewards: { rateBps, unbondSeconds, unpromised, earning },
    };
  } catch (error) {
    throw toNeuroError(error);
  }
}
