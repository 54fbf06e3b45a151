import { NeuroError, formatNcr, parseNcr } from '@neurodata/protocol';
import { type Address, erc20Abi, formatUnits, isAddressEqual, parseUnits, zeroAddress } from 'viem';
import type { ChainReader, NeuroClient } from './createClient.ts';
import { nameOfToken } from './readToken.ts';

/** An amount of a token in its own units and under its own name, e.g. "12.5 USDC"; in base units where it tells neither. */
export async function describeAmount(parameters: { client: ChainReader; token: Address; amount: bigint }): Promise<string> {
  const { client, amount } = parameters;
  const token = tokenOf(client, parameters.token);
  if (isNcr(client, token)) return `${formatNcr(amount)} NCR`;
  const contract = { address: token, abi: erc20Abi } as const;
  const [symbol, decimals] = await Promise.all([
    client.publicClient.readContract({ ...contract, functionName: 'symbol' }).catch(() => undefined),
    client.publicClient.readContract({ ...contract, functionName: 'decimals' }).catch(() => undefined),
  ]);
  const name = nameOfToken({ token, symbol });
  return decimals === undefined ? `${amount} base units of ${name}` : `${formatUnits(amount, decimals)} ${name}`;
}

/** The token's address, NCR's for the zero address. */
export function tokenOf(client: ChainReader, token: Address): Address {
  return token === zeroAddress ? client.config.deployment.addresses.neuroCoin : token;
}

export function isNcr(client: ChainReader, token: Address): boolean {
  return isAddressEqual(tokenOf(client, token), client.config.deployment.addresses.neuroCoin);
}

/** "12.5" of a token as base units; throws `BAD_INPUT`. NCR by default. */
export async function parseAmount(parameters: { client: NeuroClient; token?: Address; text: string }): Promise<bigint> {
  const { client, text } = parameters;
  const token = tokenOf(client, parameters.token ?? zeroAddress);
  if (isNcr(client, token)) return parseNcr(text);
  const decimals = await client.publicClient.readContract({ address: token, abi: erc20Abi, functionName: 'decimals' }).catch(() => 0);
  if (!/^\d{1,60}(\.\d+)?$/.test(text) || (text.split('.')[1] ?? '').length > decimals) {
    throw new NeuroError(`"${text}" is not an amount of this token.`, { code: 'BAD_INPUT', remedy: `Give a number with at most ${decimals} decimals.`, details: token });
  }
  return parseUnits(text, decimals);
}
