import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { isNcr } from './tokenAmounts.ts';

/** Amounts of one token; null is NCR. Base units. */
export type TokenSum = { token: Address | null; amount: bigint };

/** Sums by token, NCR first and always there. `tokenOf` is asked once for each id. */
export async function sumByToken(parameters: { client: NeuroClient; amounts: { id: Hex; amount: bigint }[]; tokenOf: (id: Hex) => Promise<Address> }): Promise<TokenSum[]> {
  const { client, amounts, tokenOf } = parameters;
  const known = await Promise.all(amounts.map(async ({ id, amount }) => ({ token: await tokenOf(id), amount })));
  const sums = new Map<Address | null, bigint>([[null, 0n]]);
  for (const { token, amount } of known) {
    const key = isNcr(client, token) ? null : token;
    sums.set(key, (sums.get(key) ?? 0n) + amount);
  }
  return [...sums].map(([token, amount]) => ({ token, amount }));
}
