import { useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { type Address, zeroAddress } from 'viem';
import { t } from '../../language/t.ts';
import { coinQuery } from '../../queries/coin.ts';
import { Account } from '../Account.tsx';
import { Money } from '../Amounts.tsx';

/** Why a wallet has no votes on a proposal, and where it gets some: for this one until voting has begun, then for later ones. */
export function NoVotes({ account, begun }: { account: Address; begun: boolean }): JSX.Element {
  const { data: coin } = useQuery(coinQuery(account));
  const elsewhere = coin !== undefined && coin.delegatee !== zeroAddress && coin.delegatee.toLowerCase() !== account.toLowerCase();
  const why = (): ReactNode => {
    if (coin && coin.weight > 0n) return <>The <Money amount={coin.weight} /> that you have now came after voting began, and count for later proposals.</>;
    if (coin && coin.wrapped > 0n && elsewhere) return <>The <Money amount={coin.wrapped} /> that you wrapped are cast by <Account address={coin.delegatee} />.</>;
    if (coin && coin.wrapped > 0n) return <>The <Money amount={coin.wrapped} /> that you wrapped are delegated to nobody, so nobody casts them; they count once you delegate them to yourself.</>;
    return t`Votes are NCR that were wrapped, and delegated, to oneself too, before voting began.`;
  };
  return (
    <div className="grid gap-1">
      {begun && <p className="font-medium">This wallet has no votes on this proposal.</p>}
      <p className="text-muted">{why()}</p>
      <p><Link className="link" to="/token">{begun ? 'Wrap and delegate for later proposals' : 'Wrap and delegate'}</Link></p>
    </div>
  );
}
