import { erc20Abi, type Address } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { approveCall } from './marketCalls.ts';
import type { Sent } from './send.ts';
import { spendingSentence } from './spendingSentence.ts';
import { describeAmount } from './tokenAmounts.ts';

/**
 * Lets `spender` take `amount` base units of a token, NCR by default; undefined where the standing allowance suffices.
 * For contracts that take no permit.
 */
export async function approveCoin(parameters: { client: NeuroClient; spender: Address; amount: bigint; token?: Address }): Promise<Sent | undefined> {
  const { client, spender, amount, token = client.config.deployment.addresses.neuroCoin } = parameters;
  const coin = { address: token, abi: erc20Abi } as const;
  const allowance = await client.publicClient.readContract({ ...coin, functionName: 'allowance', args: [accountOf(client).address, spender] });
  if (allowance >= amount) return undefined;
  const text = await describeAmount({ client, token, amount });
  return client.send(approveCall({ token, spender, amount, sentence: spendingSentence({ config: client.config, spender, amount: text }) }));
}
