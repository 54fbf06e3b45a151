import { type NeuroClient, describeAmount, readTokenBalance } from '@neurodata/sdk';
import { InvalidArgumentError } from 'commander';
import { type Address, isAddress } from 'viem';
import { ncr } from './output.ts';

/** For commander: the address of an ERC-20. */
export function tokenAddress(text: string): Address {
  if (isAddress(text)) return text;
  throw new InvalidArgumentError('It must be the address of a token: 0x and 40 hexadecimal digits.');
}

/** An amount in its token's own units and name; null is NCR. */
export async function amountText(client: NeuroClient, token: Address | null, amount: bigint): Promise<string> {
  return token === null ? ncr(amount) : describeAmount({ client, token, amount });
}

/** What an account holds of a token, in words; null is NCR. */
export async function balanceText(client: NeuroClient, token: Address | null, account: Address): Promise<string> {
  return amountText(client, token, await readTokenBalance({ client, token: token ?? client.config.deployment.addresses.neuroCoin, account }));
}

/** Sums by token, e.g. "12 NCR and 3 USDC"; "nothing" where all are 0. */
export async function sumsText(client: NeuroClient, sums: { token: Address | null; amount: bigint }[]): Promise<string> {
  const texts = await Promise.all(sums.filter(({ amount }) => amount > 0n).map(({ token, amount }) => amountText(client, token, amount)));
  return texts.join(' and ') || 'nothing';
}
