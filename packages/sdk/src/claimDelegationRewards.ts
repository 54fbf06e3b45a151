import { stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays what the account's delegation to a validator has earned. */
export function claimDelegationRewards(parameters: { client: NeuroClient; validator: Address }): Promise<Sent> {
  const { client, validator } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'claimDelegationRewards', args: [validator], sentence: `Claim rewards on what is delegated to ${validator}` });
}
