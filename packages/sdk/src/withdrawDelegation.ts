import { stakingAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays out what has finished leaving a validator. Throws `REVERTED`. */
export function withdrawDelegation(parameters: { client: NeuroClient; validator: Address }): Promise<Sent> {
  const { client, validator } = parameters;
  return client.send({ address: client.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'withdrawDelegation', args: [validator], sentence: `Withdraw what was delegated to ${validator}` });
}
