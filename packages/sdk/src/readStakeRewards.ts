import { stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogsBack } from './logs.ts';

/**
 * What stake earns: `rateBps` a year while the pool lasts, and `unbondSeconds` until unbonded stake can be collected.
 * `unpromised` is what the pool can still promise, `earning` all stake that earns, both in base units of NCR. `paid` is what
 * the account has collected so far; where the RPC gives few blocks at a time it may be incomplete.
 */
export type StakeRewards = { rateBps: number; unbondSeconds: number; unpromised: bigint; earning: bigint; paid: bigint; complete: boolean };

/** Reads the terms of staking, and the rewards that an account has been paid. */
export async function readStakeRewards(parameters: { client: NeuroClient; account: Address }): Promise<StakeRewards> {
  const { client, account } = parameters;
  const { publicClient } = client;
  const staking = { address: client.config.deployment.addresses.staking, abi: stakingAbi } as const;
  try {
    const [rateBps, unbondSeconds, unpromised, earning, head] = await Promise.all([
      publicClient.readContract({ ...staking, functionName: 'rateBps' }),
      publicClient.readContract({ ...staking, functionName: 'unbondDelay' }),
      publicClient.readContract({ ...staking, functionName: 'unpromised' }),
      publicClient.readContract({ ...staking, functionName: 'earningStake' }),
      publicClient.getBlockNumber({ cacheTime: 0 }),
    ]);
    const { logs, complete } = await readLogsBack({ client, toBlock: head, read: (range) => publicClient.getContractEvents({ ...staking, ...range, eventName: 'RewardPaid', args: { account }, strict: true }) });
    return { rateBps, unbondSeconds, unpromised, earning, paid: logs.reduce((sum, { args }) => sum + args.amount, 0n), complete };
  } catch (error) {
    throw toNeuroError(error);
  }
}
