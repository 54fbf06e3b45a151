import type { AccountDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { isDemo, useWallet } from '../client/wallet.ts';
import { Hash } from '../components/Copy.tsx';
import { Keys } from '../components/Keys.tsx';
import { Gas, Money, plural } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Failure, Skeleton } from '../components/Feedback.tsx';
import { Explain, PageTitle, Section } from '../components/Layout.tsx';
import { Badge } from '../components/State.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { useShell } from '../components/useShell.ts';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { t } from '../language/t.ts';
import { accountQuery, configQuery } from '../queries/chain.ts';
import { useClaimMutation, useFundsMutation, useWithdrawMutation, useWithdrawTokenMutation } from '../queries/mutations.ts';

/** Balances, what can be collected, and the keys that this browser keeps. */
export function AccountPage(): JSX.Element {
  const wallet = useWallet();
  const { show } = useShell();
  const account = useQuery(accountQuery(wallet?.address));
  if (!wallet) return <><PageTitle title="Account" /><WalletNeeded what="Balances and keys belong to a wallet." /></>;
  return (
    <>
      <PageTitle title={wallet.name} aside={<Button onClick={() => show('wallet')}>Change wallet</Button>}>{wallet.role}</PageTitle>
      <p className="-mt-4 mb-6 flex flex-wrap items-center gap-3"><Hash value={wallet.address} label="address" keep={6} />{isDemo(wallet) && <Badge tone="warn">demo wallet, play money</Badge>}</p>
      {account.isError && <Failure error={account.error} safe="Balances are on chain and unaffected." retry={() => void account.refetch()} />}
      <div className="grid gap-6 lg:grid-cols-2 lg:items-start">
        {!account.data && !account.isError && <><Skeleton className="h-48 rounded-lg" /><Skeleton className="h-48 rounded-lg" /></>}
        {account.data && <Balances account={account.data} />}
        {account.data && <Owed account={account.data} />}
        <div className="min-w-0 lg:col-span-2"><Keys key={wallet.address} account={wallet.address} /></div>
      </div>
    </>
  );
}

function Line({ name, children }: { name: ReactNode; children: ReactNode }): JSX.Element {
  return <div className="flex min-h-8 items-center justify-between gap-4"><dt className="text-muted">{name}</dt><dd className="flex items-center gap-3">{children}</dd></div>;
}

function Balances({ account }: { account: AccountDto }): JSX.Element {
  const funds = useMutation(useFundsMutation());
  const { data: config } = useQuery(configQuery());
  return (
    <Section title="Balances" aside={config?.demo && <Button size="small" busy={funds.isPending} onClick={() => funds.mutate(account.address)}>Get play money</Button>}>
      <dl className="grid gap-1">
        <Line name="NeuroCoin"><Money amount={account.balance} strong /></Line>
        <Line name={<Explain text="Ether of this chain, which transactions burn.">For gas</Explain>}><Gas wei={account.gasBalance} /></Line>
        <Line name={<Explain text="Locked as security by validators and workers; lost for wrong work.">Staked</Explain>}><Money amount={account.stake} /></Line>
      </dl>
      {funds.isError && <div className="mt-4"><Failure error={funds.error} /></div>}
    </Section>
  );
}

const sources = { market: t`From sales and refunds`, orderDisputes: t`From disputes`, training: t`From runs`, challenges: t`From challenges`, validators: t`From validating`, curation: t`Listing bonds`, subscriptions: t`From subscriptions`, accusations: t`From accusations` } as const;

const tokenSources = ['market', 'subscriptions'] as const;

function Owed({ account }: { account: AccountDto }): JSX.Element {
  const withdraw = useMutation(useWithdrawMutation());
  const claim = useMutation(useClaimMutation());
  const collect = useMutation(useWithdrawTokenMutation());
  const error = withdraw.error ?? collect.error ?? claim.error;
  const nothing = account.claimable.length === 0 && Object.keys(sources).every((from) => account.owed[from as keyof typeof sources] === 0n) && account.owedTokens.every((owed) => tokenSources.every((from) => owed[from] === 0n));
  return (
    <Section title="To collect">
      <dl className="grid gap-1">
        {(Object.keys(sources) as (keyof typeof sources)[]).filter((from) => account.owed[from] > 0n).map((from) => (
          <Line key={from} name={sources[from]}>
            <Money amount={account.owed[from]} />
            <Button size="small" busy={withdraw.isPending && withdraw.variables === from} onClick={() => withdraw.mutate(from)} aria-label={`Withdraw: ${sources[from]}`}>Withdraw</Button>
          </Line>
        ))}
        {account.owedTokens.flatMap(({ token, ...owed }) => tokenSources.filter((from) => owed[from] > 0n).map((from) => (
          <Line key={`${from} ${token}`} name={sources[from]}>
            <TokenAmount amount={owed[from]} token={token} />
            <Button size="small" busy={collect.isPending && collect.variables.from === from && collect.variables.token === token} onClick={() => collect.mutate({ from, token })} aria-label={`Withdraw: ${sources[from]}, in another token`}>Withdraw</Button>
          </Line>
        )))}
        {account.claimable.length > 0 && (
          <Line name={t`Sales whose money is free`}>
            <span>{plural(account.claimable.length, 'order')}</span>
            <Button size="small" busy={claim.isPending} onClick={() => claim.mutate(account.claimable)}>Collect</Button>
          </Line>
        )}
      </dl>
      {nothing && <p className="text-muted">Nothing now. What sales, refunds, runs, disputes, validating and returned bonds credit to this account will stand here, to be withdrawn.</p>}
      {error && <div className="mt-4"><Failure error={error} safe="The money stays yours to collect." /></div>}
    </Section>
  );
}
