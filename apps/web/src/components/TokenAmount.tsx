import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { configQuery } from '../queries/chain.ts';
import { Money } from './Amounts.tsx';
import { shorten } from './Copy.tsx';

/** An amount of NCR, or base units of another token: how many make one of it is the token's own word. */
export function TokenAmount({ amount, token }: { amount: bigint; token: string }): JSX.Element {
  const { data: config } = useQuery(configQuery());
  const coin = config?.deployment.addresses.neuroCoin.toLowerCase();
  if (coin === undefined || token.toLowerCase() === coin) return <Money amount={amount} />;
  return <span title={token} className="num whitespace-nowrap">{amount.toString()} units of {shorten(token)}</span>;
}
