import { stakingAbi } from '@neurodata/protocol';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays NCR into the pool that rewards stake. Throws `NO_FUNDS`, `REVERTED`. */
export async function fundStakePool(parameters: { client: NeuroClient; amount: bigint }): Promise<Sent> {
  const { client, amount } = parameters;
  const { staking } = client.config.deployment.addresses;
  await approveCoin({ client, spender: staking, amount });
  return client.send({ address: staking, abi: stakingAbi, functionName: 'fundPool', args: [amount], sentence: 'Fund the rewards for stake' });
}
