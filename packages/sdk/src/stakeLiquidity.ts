import { liquidityMiningAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Stakes `amount` base units of a liquidity token for rewards in NCR. Throws `REVERTED`. */
export async function stakeLiquidity(parameters: { client: NeuroClient; token: Address; amount: bigint }): Promise<Sent> {
  const { client, token, amount } = parameters;
  const { liquidityMining } = client.config.deployment.addresses;
  await approveCoin({ client, spender: liquidityMining, amount, token });
  return client.send({ address: liquidityMining, abi: liquidityMiningAbi, functionName: 'stake', args: [token, amount], sentence: 'Stake liquidity tokens' });
}
