import { useQuery } from '@tanstack/react-query';
import { type JSX, useRef, useState } from 'react';
import type { Address } from 'viem';
import { useWallet } from '../client/wallet.ts';
import { Failure, PageSkeleton, Skeleton } from '../components/Feedback.tsx';
import { PageTitle } from '../components/Layout.tsx';
import { Balances } from '../components/token/Balances.tsx';
import { Burn } from '../components/token/Burn.tsx';
import { Liquidity } from '../components/token/Liquidity.tsx';
import { Send } from '../components/token/Send.tsx';
import { type Ask, SignDialog } from '../components/token/SignDialog.tsx';
import { StakePanel } from '../components/token/StakePanel.tsx';
import { Transfers } from '../components/token/Transfers.tsx';
import { Votes } from '../components/token/Votes.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { coinQuery, stakingQuery } from '../queries/coin.ts';

/** NeuroCoin of the chosen wallet: where it is, what it earns, and every way to move it. */
export function TokenPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="NeuroCoin">NCR pays for data and runs, stands as security for those who check them, and votes. All amounts here are read from the contracts.</PageTitle>
      {wallet ? <Coin key={wallet.address} account={wallet.address} /> : <WalletNeeded what="Coins belong to a wallet." />}
    </>
  );
}

function Coin({ account }: { account: Address }): JSX.Element {
  const coin = useQuery(coinQuery(account));
  const staking = useQuery(stakingQuery(account));
  const [asked, setAsked] = useState<Ask>();
  const clear = useRef<() => void>(undefined);
  const ask = (next: Ask, cleared: () => void): void => {
    clear.current = cleared;
    setAsked(next);
  };
  if (coin.error && !coin.data) return <Failure error={coin.error} safe="Coins are where the chain says; this page only reads them." retry={() => void coin.refetch()} />;
  if (!coin.data) return <PageSkeleton />;
  return (
    <div className="grid gap-6">
      <Balances account={account} coin={coin.data} staking={staking.data} />
      <div className="grid gap-6 lg:grid-cols-2 lg:items-start">
        <Send account={account} balance={coin.data.balance} ask={ask} />
        <Votes account={account} coin={coin.data} ask={ask} />
      </div>
      {staking.data ? <StakePanel account={account} balance={coin.data.balance} staking={staking.data} ask={ask} /> : staking.error ? <Failure error={staking.error} safe="Stake is in the contract; this page only reads it." retry={() => void staking.refetch()} /> : <Skeleton className="h-80 rounded-lg" />}
      <Liquidity account={account} ask={ask} />
      <Transfers account={account} />
      <Burn balance={coin.data.balance} supply={coin.data.supply} ask={ask} />
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} onDone={() => clear.current?.()} />}
    </div>
  );
}
