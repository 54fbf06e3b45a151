import { stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Starts taking `amount` base units back from a validator; `withdrawDelegation` pays it after the delay. Throws `REVERTED`. */
export function undelegateStake(parameters: { client: NeuroClient; validator: Address; amount: bigint }): Promise<Sent> {
  const { client, validator, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'undelegate', args: [validator, amount], sentence: `Take stake back from ${validator}` });
}
