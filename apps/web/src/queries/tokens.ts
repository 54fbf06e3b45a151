import type { TokenFacts } from '@neurodata/sdk';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';
import { accountQuery } from './chain.ts';

/** An ERC-20's decimals and name, from the token itself; they never change. */
export const tokenQuery = (token: Address) =>
  queryOptions<TokenFacts>({
    queryKey: ['token', token.toLowerCase()],
    queryFn: async () => {
      const [client, { readToken }] = await Promise.all([connect(), loadVerbs()]);
      return readToken({ client, token });
    },
    staleTime: Infinity,
    retry: 1,
  });

const tokenBalanceQuery = (token: Address | null, account: Address | undefined) =>
  queryOptions<bigint>({
    queryKey: ['account', account, 'balance', token],
    queryFn: async () => {
      const [client, { readTokenBalance }] = await Promise.all([connect(), loadVerbs()]);
      return readTokenBalance({ client, token: token ?? '0x', account: account ?? '0x' });
    },
    enabled: token !== null && account !== undefined,
  });

/** What an account holds of a token (null: NCR), in base units; undefined until it is known. */
export function useBalance(token: Address | null, account: Address | undefined): bigint | undefined {
  const { data: own } = useQuery(accountQuery(account));
  const { data: other } = useQuery(tokenBalanceQuery(token, account));
  return token === null ? own?.balance : other;
}
