import { stakingAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays out the stake that has finished unbonding. Throws `REVERTED`. */
export function withdrawStake(parameters: { client: NeuroClient }): Promise<Sent> {
  const { client } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'withdraw', args: [], sentence: 'Withdraw unbonded stake' });
}
