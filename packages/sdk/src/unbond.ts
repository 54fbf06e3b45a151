import { stakingAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Starts taking `amount` base units of free stake out; `withdrawStake` pays it after the delay. Throws `REVERTED`. */
export function unbond(parameters: { client: NeuroClient; amount: bigint }): Promise<Sent> {
  const { client, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'unbond', args: [amount], sentence: 'Unbond stake' });
}
