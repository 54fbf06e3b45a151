import { liquidityMiningAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Takes all of the account's liquidity tokens out and gives its unclaimed rewards up: for when nothing else works. Throws `REVERTED`. */
export function exitLiquidity(parameters: { client: NeuroClient; token: Address }): Promise<Sent> {
  const { client, token } = parameters;
  return client.send({ address: client.config.deployment.addresses.liquidityMining, abi: liquidityMiningAbi, functionName: 'emergencyExit', args: [token], sentence: 'Take all liquidity tokens out without rewards' });
}
