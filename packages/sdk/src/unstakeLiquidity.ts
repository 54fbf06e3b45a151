import { liquidityMiningAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Takes `amount` base units of a liquidity token back. Throws `REVERTED`. */
export function unstakeLiquidity(parameters: { client: NeuroClient; token: Address; amount: bigint }): Promise<Sent> {
  const { client, token, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.liquidityMining, abi: liquidityMiningAbi, functionName: 'unstake', args: [token, amount], sentence: 'Take liquidity tokens back' });
}
