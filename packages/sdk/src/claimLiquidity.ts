import { liquidityMiningAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays the rewards on a staked liquidity token. */
export function claimLiquidity(parameters: { client: NeuroClient; token: Address }): Promise<Sent> {
  const { client, token } = parameters;
  return client.send({ address: client.config.deployment.addresses.liquidityMining, abi: liquidityMiningAbi, functionName: 'claim', args: [token], sentence: 'Claim rewards on liquidity' });
}
