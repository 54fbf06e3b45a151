import { formatAmount } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import type { Address } from 'viem';
import { grouped, pointed } from '../language/format.ts';
import { configQuery } from '../queries/chain.ts';
import { tokenQuery } from '../queries/tokens.ts';
import { Money } from './Amounts.tsx';
import { shorten } from './Copy.tsx';

type TokenAmountProps = { amount: bigint; token: Address | null; strong?: boolean };

/** An amount in its token's units and under its name, at most four decimals; all of them, and the token's address, on hover. Null is NCR. */
export function TokenAmount({ amount, token, strong = false }: TokenAmountProps): JSX.Element {
  const { data: config } = useQuery(configQuery());
  const coin = config?.deployment.addresses.neuroCoin.toLowerCase();
  if (token === null || token.toLowerCase() === coin) return <Money amount={amount} strong={strong} />;
  return <Other amount={amount} token={token} strong={strong} />;
}

function Other({ amount, token, strong }: { amount: bigint; token: Address; strong: boolean }): JSX.Element {
  const { data: facts, isError } = useQuery(tokenQuery(token));
  const look = `whitespace-nowrap tabular-nums ${strong ? 'font-semibold' : ''}`;
  // A token that does not tell its decimals: its base units are all that is known.
  if (isError) return <span title={token} className={look}>{grouped(amount.toString())} units of {shorten(token)}</span>;
  if (!facts) return <span className={look} aria-busy="true">…</span>;
  const { decimals } = facts;
  const name = facts.name === token ? shorten(token) : facts.name;
  const text = formatAmount({ amount, decimals, digits: 4 });
  return <span title={`${pointed(formatAmount({ amount, decimals, digits: decimals }))} ${name}, token ${token}`} className={look}>{text === '0' && amount > 0n ? `< ${pointed('0.0001')}` : grouped(text)} {name}</span>;
}
