import { type Address, erc20Abi } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** How much of an ERC-20 an account holds, in its base units. Throws where the address is no ERC-20. */
export async function readTokenBalance(parameters: { client: NeuroClient; token: Address; account: Address }): Promise<bigint> {
  const { client, token, account } = parameters;
  return client.publicClient.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [account] }).catch((error: unknown) => { throw toNeuroError(error); });
}
