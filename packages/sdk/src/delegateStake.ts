import { stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Lends `amount` base units of free stake to an active validator: it counts as his in draws, earns for the account, and is slashed with his. Throws `REVERTED`. */
export function delegateStake(parameters: { client: NeuroClient; validator: Address; amount: bigint }): Promise<Sent> {
  const { client, validator, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'delegate', args: [validator, amount], sentence: `Delegate stake to ${validator}` });
}
