import type { CoinFacts } from '@neurodata/sdk';
import { useMutation } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import type { Staking } from '../../queries/coin.ts';
import { useFundsMutation } from '../../queries/mutations.ts';
import { Account } from '../Account.tsx';
import { Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Explain, Facts, Section } from '../Layout.tsx';

type BalancesProps = { account: `0x${string}`; coin: CoinFacts; staking: Staking | undefined };

/** What belongs to the account, by where it is. */
export function Balances({ account, coin, staking }: BalancesProps): JSX.Element {
  const funds = useMutation(useFundsMutation());
  const stake = staking?.stake;
  const all = coin.balance + coin.wrapped + (stake ? stake.stake + stake.unbonding + stake.rewards : 0n);
  return (
    <Section title="Balances" aside={<Button size="small" busy={funds.isPending} onClick={() => funds.mutate(account)}>Get play money</Button>}>
      <div className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-4">
        <Figure name={t`To spend`}><Money amount={coin.balance} strong /></Figure>
        <Figure name={<Explain text="Security of validators, workers and jurors; it earns, and is lost for wrong work.">At stake</Explain>}>{stake ? <Money amount={stake.stake} strong /> : '…'}</Figure>
        <Figure name={<Explain text="Coins that you turned into votes. They turn back at any time.">As votes</Explain>}><Money amount={coin.wrapped} strong /></Figure>
        <Figure name={<Explain text="Coins, stake, votes and rewards together; without what is in escrow or lent to validators.">In all</Explain>}><Money amount={all} strong /></Figure>
      </div>
      <div className="mt-5 border-t border-line pt-4">
        <Facts facts={[
          ['Casts', <span key="weight"><Money amount={coin.weight} /> of votes{coin.wrapped > 0n && !same(coin.delegatee, account) && <>, its own are cast by <Account address={coin.delegatee} /></>}. <Link to="/governance" className="link">Governance</Link></span>],
          ['Exists', <span key="supply"><Money amount={coin.supply} /> of at most <Money amount={coin.cap} />, by contract</span>],
        ]} />
      </div>
      {funds.isError && <div className="mt-4"><Failure error={funds.error} /></div>}
    </Section>
  );
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function Figure({ name, children }: { name: ReactNode; children: ReactNode }): JSX.Element {
  return <div className="min-w-0"><div className="text-sm text-muted">{name}</div><div className="mt-0.5 text-lg">{children}</div></div>;
}
