import { type Address, erc20Abi } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** An ERC-20 by its own account: `symbol` is text from strangers, `name` is what of it may stand in a sentence. */
export type TokenFacts = { token: Address; symbol: string; decimals: number; name: string };

/** A token's symbol where it is a plain word and not NeuroCoin's own, else its address: a stranger's token names itself. */
export function nameOfToken({ token, symbol }: { token: Address; symbol: string | undefined }): string {
  return symbol !== undefined && /^[\w.$-]{1,20}$/.test(symbol) && symbol.toUpperCase() !== 'NCR' ? symbol : token;
}

/** Reads a token's symbol and decimals. Throws where the address is no ERC-20 with metadata. */
export async function readToken(parameters: { client: NeuroClient; token: Address }): Promise<TokenFacts> {
  const { client, token } = parameters;
  const contract = { address: token, abi: erc20Abi } as const;
  try {
    const [symbol, decimals] = await Promise.all([client.publicClient.readContract({ ...contract, functionName: 'symbol' }), client.publicClient.readContract({ ...contract, functionName: 'decimals' })]);
    return { token, symbol, decimals, name: nameOfToken({ token, symbol }) };
  } catch (error) {
    throw toNeuroError(error);
  }
}
