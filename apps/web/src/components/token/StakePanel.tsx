import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import type { Address } from 'viem';
import { numeral } from '../../language/format.ts';
import { t, tAs } from '../../language/t.ts';
import { type Staking, useClaimRewardsMutation, useStakeMutation, useUnbondMutation, useWithdrawStakeMutation } from '../../queries/coin.ts';
import { Money, When, duration, ncr, useNow } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Explain, Facts, Section } from '../Layout.tsx';
import { AmountForm } from './AmountForm.tsx';
import { Lending } from './Lending.tsx';
import type { Ask } from './SignDialog.tsx';
import { projected } from './projected.ts';

const GAS = { stake: 260_000, unbond: 160_000, withdraw: 110_000, claim: 130_000 };

type StakePanelProps = { account: Address; balance: bigint; staking: Staking; ask: (ask: Ask, clear: () => void) => void };

/** Stake: what it is locked for, what it earned, what it will earn while the pool lasts, and the way in and out. */
export function StakePanel({ account, balance, staking: { stake, rewards }, ask }: StakePanelProps): JSX.Element {
  const put = useMutation(useStakeMutation());
  const unbond = useMutation(useUnbondMutation());
  const rate = `${numeral(rewards.rateBps / 100)} %`;
  const wait = duration(rewards.unbondSeconds);
  const year = projected({ staking: { stake, rewards }, added: 0n });
  const earns = (amount: bigint | undefined): string => (amount === undefined ? '' : t`earns about ${ncr(projected({ staking: { stake, rewards }, added: amount }).amount - year.amount)} a year`);
  const askStake = (amount: bigint, clear: () => void): void => ask({
    title: t`Put ${ncr(amount)} at stake`, text: t`It earns ${rate} a year while the pool lasts. Taking it out again takes ${wait}.`, gas: GAS.stake, button: t`Sign and stake`,
    lines: [[t`At stake then`, <Money key="then" amount={stake.stake + amount} strong />], [t`You keep to spend`, <Money key="rest" amount={balance - amount} />]], act: () => put.mutateAsync(amount),
  }, clear);
  const askUnbond = (amount: bigint, clear: () => void): void => ask({
    title: t`Take ${ncr(amount)} out of stake`, gas: GAS.unbond, button: t`Sign and unbond`,
    text: t`It stops earning now and can be collected in ${wait}.${stake.unbonding > 0n ? t` What is unbonding already waits as long anew.` : ''}`,
    lines: [[t`Unbonding then`, <Money key="out" amount={stake.unbonding + amount} strong />], [t`At stake then`, <Money key="then" amount={stake.stake - amount} />]], act: () => unbond.mutateAsync(amount),
  }, clear);
  return (
    <Section title="Staking" aside={<span className="text-sm text-muted">{rate} a year while the pool lasts</span>}>
      <div className="grid gap-6 md:grid-cols-2">
        <div className="grid content-start gap-5">
          <Facts facts={[
            ['At stake', <Money key="stake" amount={stake.stake} strong />],
            [tAs('of stake')`Locked`, stake.locked > 0n && <Explain key="locked" text="Security for open duties; it is free again when they end."><Money amount={stake.locked} /></Explain>],
            ['Lent to you', stake.delegatedIn > 0n && <Money key="in" amount={stake.delegatedIn} />],
            ['In a year', <span key="year"><Money amount={year.amount} /> <span className="text-muted">projected, {year.text}</span></span>],
            ['Collected', <span key="paid"><Money amount={rewards.paid} />{!rewards.complete && <span className="text-muted">, of the blocks that could be read</span>}</span>],
          ]} />
          <Collect staking={{ stake, rewards }} ask={ask} />
        </div>
        <div className="grid content-start gap-4">
          <AmountForm keep="stake" label="Put at stake" max={balance} maxText="All you hold" button="Stake"
            hint={earns}
            onAsk={askStake} />
          <AmountForm keep="unbond" label="Take out" look="secondary" max={stake.free} maxText="All that is free" button="Unbond"
            hint={() => t`pays out after ${wait}; meanwhile it earns nothing`}
            onAsk={askUnbond} />
        </div>
      </div>
      <Lending account={account} free={stake.free} wait={wait} ask={ask} />
    </Section>
  );
}

/** What stake has earned, and what has finished unbonding. */
export function Collect({ staking: { stake }, ask }: { staking: Staking; ask: StakePanelProps['ask'] }): JSX.Element {
  const now = useNow();
  const withdraw = useMutation(useWithdrawStakeMutation());
  const claim = useMutation(useClaimRewardsMutation());
  const ready = stake.unbonding > 0n && stake.availableAt <= now;
  const nothing = (): void => undefined;
  const askClaim = (): void => ask({ title: t`Collect the rewards on stake`, lines: [[t`At least`, <Money key="rewards" amount={stake.rewards} strong />]], gas: GAS.claim, button: t`Sign and collect`, act: () => claim.mutateAsync() }, nothing);
  const askWithdraw = (): void => ask({ title: t`Collect what has finished unbonding`, lines: [[t`Comes back`, <Money key="back" amount={stake.unbonding} strong />]], gas: GAS.withdraw, button: t`Sign and collect`, act: () => withdraw.mutateAsync() }, nothing);
  return (
    <dl className="grid gap-2 rounded-md bg-bg p-3">
      <div className="flex min-h-8 items-center justify-between gap-4">
        <dt><span className="text-muted">Rewards earned</span> <Money amount={stake.rewards} strong /></dt>
        <dd><Button size="small" disabled={stake.rewards === 0n} onClick={askClaim}>Collect</Button></dd>
      </div>
      <div className="flex min-h-8 items-center justify-between gap-4">
        <dt><span className="text-muted">Unbonding</span> <Money amount={stake.unbonding} strong /> {stake.unbonding > 0n && <span className="text-sm text-muted">{ready ? 'ready' : <>ready <When at={stake.availableAt} /></>}</span>}</dt>
        <dd><Button size="small" disabled={!ready} onClick={askWithdraw} aria-label="Collect unbonded stake">Collect</Button></dd>
      </div>
    </dl>
  );
}
