import { stakingAbi } from '@neurodata/protocol';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Puts `amount` base units of NCR at stake, approving them first where needed. Throws `NO_FUNDS`, `REVERTED`. */
export async function stakeCoins(parameters: { client: NeuroClient; amount: bigint }): Promise<Sent> {
  const { client, amount } = parameters;
  const { staking } = client.config.deployment.addresses;
  await approveCoin({ client, spender: staking, amount });
  return client.send({ address: staking, abi: stakingAbi, functionName: 'stake', args: [amount], sentence: 'Stake NCR' });
}
