import { liquidityMiningAbi } from '@neurodata/protocol';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays NCR into the reserve of rewards for liquidity, out of which governance schedules pools. Throws `NO_FUNDS`, `REVERTED`. */
export async function fundLiquidity(parameters: { client: NeuroClient; amount: bigint }): Promise<Sent> {
  const { client, amount } = parameters;
  const { liquidityMining } = client.config.deployment.addresses;
  await approveCoin({ client, spender: liquidityMining, amount });
  return client.send({ address: liquidityMining, abi: liquidityMiningAbi, functionName: 'fund', args: [amount], sentence: 'Fund the rewards for liquidity' });
}
