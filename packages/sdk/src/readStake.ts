import { stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';

/** An account's stake in base units of NCR; `availableAt` in unix seconds, 0 where nothing is unbonding. */
export type StakeFacts = { stake: bigint; locked: bigint; free: bigint; delegatedIn: bigint; unbonding: bigint; availableAt: number; rewards: bigint; priority: number };

/** Reads an account's stake from the chain. */
export async function readStake(parameters: { client: NeuroClient; account: Address }): Promise<StakeFacts> {
  const { client, account } = parameters;
  const staking = { address: client.config.deployment.addresses.staking, abi: stakingAbi } as const;
  const args = [account] as const;
  const read = client.publicClient;
  const [stake, locked, free, delegatedIn, [unbonding, availableAt], rewards, priority] = await Promise.all([
    read.readContract({ ...staking, functionName: 'stakeOf', args }),
    read.readContract({ ...staking, functionName: 'lockedOf', args }),
    read.readContract({ ...staking, functionName: 'freeOf', args }),
    read.readContract({ ...staking, functionName: 'delegatedTo', args }),
    read.readContract({ ...staking, functionName: 'unbondingOf', args }),
    read.readContract({ ...staking, functionName: 'pendingRewards', args }),
    read.readContract({ ...staking, functionName: 'priorityOf', args }),
  ]);
  return { stake, locked, free, delegatedIn, unbonding, availableAt, rewards, priority };
}
