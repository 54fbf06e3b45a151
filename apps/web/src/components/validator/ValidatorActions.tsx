import type { ValidatorStatus } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useRef, useState } from 'react';
import type { Address } from 'viem';
import { useWallet, useWalletPending } from '../../client/wallet.ts';
import { coinQuery, stakingQuery } from '../../queries/coin.ts';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useShell } from '../useShell.ts';
import type { ActionProps } from './ActionProps.ts';
import { LendTo } from './LendTo.tsx';
import { OwnValidator } from './OwnValidator.tsx';

/** What the chosen wallet can do here: its own validator's stake and place, or a loan to somebody else's. */
export function ValidatorActions({ status }: { status: ValidatorStatus }): JSX.Element {
  const wallet = useWallet();
  const isPending = useWalletPending();
  const { show } = useShell();
  const isOwn = wallet?.address.toLowerCase() === status.account.toLowerCase();
  return (
    <Section title={isOwn ? 'Your validator' : 'Lend stake to it'}>
      {wallet ? <Known key={wallet.address} status={status} account={wallet.address} isOwn={isOwn} /> : isPending ? <Skeleton className="h-32" /> : (
        <div className="grid justify-items-start gap-3">
          <p className="text-muted">Stake that is lent to it earns for its owner, makes it drawn more often, and loses with it. Its own wallet moves its stake here.</p>
          <Button onClick={() => show('wallet')}>Choose a wallet</Button>
        </div>
      )}
    </Section>
  );
}

function Known({ status, account, isOwn }: { status: ValidatorStatus; account: Address; isOwn: boolean }): JSX.Element {
  const coin = useQuery(coinQuery(account));
  const staking = useQuery(stakingQuery(account));
  const [asked, setAsked] = useState<Ask>();
  const cleared = useRef<() => void>(undefined);
  const ask: ActionProps['ask'] = (next, clear) => {
    cleared.current = clear;
    setAsked(next);
  };
  const error = coin.error ?? staking.error;
  if (!coin.data || !staking.data) return error ? <Failure error={error} safe="Stake is in the contract; this page only reads it." retry={() => { void coin.refetch(); void staking.refetch(); }} /> : <Skeleton className={isOwn ? 'h-72' : 'h-32'} />;
  const known: ActionProps = { status, account, balance: coin.data.balance, staking: staking.data, ask };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-5 md:grid-cols-2 md:items-start">
      {isOwn ? <OwnValidator {...known} /> : <LendTo {...known} />}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} onDone={() => cleared.current?.()} />}
    </div>
  );
}
