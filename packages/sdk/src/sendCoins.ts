import { erc20Abi, type Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Sends `amount` base units of a token, NCR by default, to another account. Throws `NO_FUNDS`, `REVERTED`. */
export function sendCoins(parameters: { client: NeuroClient; to: Address; amount: bigint; token?: Address }): Promise<Sent> {
  const { client, to, amount, token = client.config.deployment.addresses.neuroCoin } = parameters;
  return client.send({ address: token, abi: erc20Abi, functionName: 'transfer', args: [to, amount], sentence: `Send coins to ${to}` });
}
