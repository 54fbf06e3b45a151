import { stakingAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays the account's rewards on its own stake. */
export function claimStakeRewards(parameters: { client: NeuroClient }): Promise<Sent> {
  const { client } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'claimRewards', args: [], sentence: 'Claim rewards on stake' });
}
