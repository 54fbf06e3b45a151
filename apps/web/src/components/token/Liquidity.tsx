import { formatAmount } from '@neurodata/protocol';
import type { LiquidityPool } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import type { Address } from 'viem';
import { grouped } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { liquidityQuery, useClaimLiquidityMutation, useExitLiquidityMutation, useStakeLiquidityMutation, useUnstakeLiquidityMutation } from '../../queries/coin.ts';
import { tokenQuery, useBalance } from '../../queries/tokens.ts';
import { Money, When, useNow } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Hash, shorten } from '../Copy.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Facts, Section } from '../Layout.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { AmountForm } from './AmountForm.tsx';
import type { Ask } from './SignDialog.tsx';

const GAS = { stake: 280_000, unstake: 160_000, claim: 140_000, exit: 140_000 };

type Asking = (ask: Ask, clear: () => void) => void;

/** Rewards in NCR for staked liquidity tokens. */
export function Liquidity({ account, ask }: { account: Address; ask: Asking }): JSX.Element {
  const { data, error, refetch } = useQuery(liquidityQuery(account));
  return (
    <Section title="Liquidity mining" aside={data && <span className="text-sm text-muted">reserve <Money amount={data.reserve} /></span>}>
      {error && !data && <Failure error={error} safe="What is staked is in the contract; this page only reads it." retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-20" />}
      {data?.pools.length === 0 && <p className="max-w-[72ch] text-muted">No pool is scheduled. When governance schedules rewards for a liquidity token, you stake that token here and earn NCR until the pool’s end.</p>}
      <div className="grid gap-6">{data?.pools.map((pool) => <Pool key={pool.token} pool={pool} account={account} ask={ask} />)}</div>
    </Section>
  );
}

function Pool({ pool, account, ask }: { pool: LiquidityPool; account: Address; ask: Asking }): JSX.Element {
  const now = useNow();
  const { token, mine, pending } = pool;
  const { data: facts } = useQuery(tokenQuery(token));
  const held = useBalance(token, account);
  const stake = useMutation(useStakeLiquidityMutation());
  const unstake = useMutation(useUnstakeLiquidityMutation());
  const claim = useMutation(useClaimLiquidityMutation());
  const exit = useMutation(useExitLiquidityMutation());
  const decimals = facts?.decimals ?? 18;
  const unit = facts === undefined || facts.name === token ? shorten(token) : facts.name;
  const askClaim = (): void => ask({ title: t`Collect the rewards on ${unit}`, lines: [[t`At least`, <Money key="pending" amount={pending} strong />]], gas: GAS.claim, button: t`Sign and collect`, act: () => claim.mutateAsync(token) }, () => undefined);
  const said = (amount: bigint): string => `${grouped(formatAmount({ amount, decimals, digits: 4 }))} ${unit}`;
  const askLpStake = (amount: bigint, clear: () => void): void => ask({ title: t`Stake ${said(amount)}`, text: t`You take it back at any time; rewards stay yours to collect.`, lines: [[t`Yours in the pool then`, said(mine + amount)]], gas: GAS.stake, button: t`Sign and stake`, act: () => stake.mutateAsync({ token, amount }) }, clear);
  const askLpUnstake = (amount: bigint, clear: () => void): void => ask({ title: t`Take ${said(amount)} back`, lines: [[t`Yours in the pool then`, said(mine - amount)]], gas: GAS.unstake, button: t`Sign and take back`, act: () => unstake.mutateAsync({ token, amount }) }, clear);
  const askExit = (): void => ask({ title: t`Take ${said(mine)} out without rewards`, text: t`For when nothing else works: it moves your tokens only, and the rewards you did not collect go back to the reserve.`, lines: [[t`Comes back`, said(mine)], [t`You give up`, <Money key="pending" amount={pending} strong />]], gas: GAS.exit, danger: true, button: t`Sign and leave`, act: () => exit.mutateAsync(token) }, () => undefined);
  return (
    <div className="grid gap-5 md:grid-cols-2">
      <div className="grid content-start gap-4">
        <Facts facts={[
          ['Token', <span key="token" className="inline-flex flex-wrap gap-x-2">{unit} <Hash value={token} label="token address" /></span>],
          ['Staked by all', <TokenAmount key="all" amount={pool.staked} token={token} />],
          ['Staked by you', <TokenAmount key="mine" amount={mine} token={token} strong />],
          ['Still to be given', <span key="budget"><Money amount={pool.budget} />{pool.endsAt > now ? <>, evenly until <When at={pool.endsAt} /></> : ', the period is over'}</span>],
        ]} />
        <dl className="flex min-h-8 items-center justify-between gap-4 rounded-md bg-bg p-3">
          <dt><span className="text-muted">Rewards earned</span> <Money amount={pending} strong /></dt>
          <dd><Button size="small" disabled={pending === 0n} aria-label={`Collect the rewards on ${unit}`} onClick={askClaim}>Collect</Button></dd>
        </dl>
      </div>
      <div className="grid content-start gap-4">
        <AmountForm keep={`lp-stake-${token}`} label={`Stake ${unit}`} button="Stake" max={facts ? held : undefined} maxText="All you hold" decimals={decimals} unit={unit}
          onAsk={askLpStake} />
        <AmountForm keep={`lp-unstake-${token}`} label="Take back" look="secondary" button="Unstake" max={facts ? mine : undefined} maxText="All of it" decimals={decimals} unit={unit}
          onAsk={askLpUnstake} />
        {mine > 0n && (
          <details className="text-sm">
            <summary className="text-muted">If taking back fails</summary>
            <p className="mt-2 mb-2 text-muted">An emergency exit gives back all of your tokens and gives up uncollected rewards.</p>
            <Button size="small" look="danger" onClick={askExit}>Leave without rewards</Button>
          </details>
        )}
      </div>
    </div>
  );
}
