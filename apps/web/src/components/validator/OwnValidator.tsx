import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { useStakeMutation, useUnbondMutation } from '../../queries/coin.ts';
import { useWithdrawMutation } from '../../queries/mutations.ts';
import { networkQuery, useLeaveValidatorsMutation } from '../../queries/validators.ts';
import { duration, Money, ncr, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { AmountForm } from '../token/AmountForm.tsx';
import { projected } from '../token/projected.ts';
import { Collect } from '../token/StakePanel.tsx';
import type { ActionProps } from './ActionProps.ts';

const GAS = { stake: 260_000, unbond: 160_000, withdraw: 120_000, leave: 220_000 };

/** For the validator's own wallet: what it is owed, more stake or less, and the way out. */
export function OwnValidator(props: ActionProps): JSX.Element {
  const { status, balance, staking, ask } = props;
  const { stake, rewards } = staking;
  const put = useMutation(useStakeMutation());
  const unbond = useMutation(useUnbondMutation());
  const wait = duration(rewards.unbondSeconds);
  const year = projected({ staking, added: 0n });
  const askStake = (amount: bigint, clear: () => void): void => ask({
    title: t`Put ${ncr(amount)} more at stake`, text: t`It is drawn more often, and what is slashed is filled up from it. Taking it out again takes ${wait}.`, gas: GAS.stake, button: t`Sign and stake`,
    lines: [[t`At stake then`, <Money key="then" amount={stake.stake + amount} strong />], [t`You keep to spend`, <Money key="rest" amount={balance - amount} />]], act: () => put.mutateAsync(amount),
  }, clear);
  const askUnbond = (amount: bigint, clear: () => void): void => ask({
    title: t`Take ${ncr(amount)} out of stake`, text: t`It stops earning now and can be collected in ${wait}. Until then an accusation of a false share may still take it back.`, gas: GAS.unbond, button: t`Sign and unbond`,
    lines: [[t`Unbonding then`, <Money key="out" amount={stake.unbonding + amount} strong />], [t`At stake then`, <Money key="then" amount={stake.stake - amount} />]], act: () => unbond.mutateAsync(amount),
  }, clear);
  return (
    <>
      <div className="grid gap-2"><Rounds {...props} /><Collect staking={staking} ask={ask} /></div>
      <AmountForm keep="validator-top-up" label="Put more at stake" button="Top up" max={balance} maxText="All you hold" onAsk={askStake}
        hint={(amount) => (amount === undefined ? '' : t`earns about ${ncr(projected({ staking, added: amount }).amount - year.amount)} a year`)} />
      <AmountForm keep="validator-unbond" label="Take out" button="Unbond" look="secondary" max={stake.free} maxText="All that is free" onAsk={askUnbond}
        hint={() => (stake.free === 0n && status.stake.locked > 0n ? t`all of it is locked while you validate` : t`pays out after ${wait}; meanwhile it earns nothing`)} />
      <Leave {...props} wait={wait} />
    </>
  );
}

/** What rounds have credited. */
function Rounds({ status: { rewards: { owed } }, ask }: ActionProps): JSX.Element {
  const withdraw = useMutation(useWithdrawMutation());
  const askWithdraw = (): void => ask({ title: t`Collect what rounds have paid`, lines: [[t`Paid out`, <Money key="owed" amount={owed} strong />]], gas: GAS.withdraw, button: t`Sign and collect`, act: () => withdraw.mutateAsync('validators') });
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 rounded-md bg-bg p-3">
      <span><span className="text-muted">Rounds have paid</span> <Money amount={owed} strong /></span>
      <Button size="small" disabled={owed === 0n} onClick={askWithdraw} aria-label="Collect what rounds have paid">Collect</Button>
    </div>
  );
}

function Leave({ status: { validatorId, active, stake: { locked, least, delegated }, duties }, ask, wait }: ActionProps & { wait: string }): JSX.Element {
  const { data: network } = useQuery(networkQuery());
  const leave = useMutation(useLeaveValidatorsMutation());
  const keys = network?.keysets.filter(({ holders }) => holders.includes(validatorId)).length ?? 0;
  const askLeave = (): void => ask({
    title: t`Leave the validators`, gas: GAS.leave, button: t`Sign and leave`, danger: true,
    text: t`You are drawn no more, and the locked stake becomes free to be taken out, which takes ${wait}. Let the process run until the keys that it holds have been handed on: until then they lack its part.`,
    lines: [[t`Free then`, <Money key="locked" amount={locked} strong />], [t`Keys that it holds a part of`, String(keys)], ...(delegated > 0n ? [[t`Lent to you; its owners take it back`, <Money key="lent" amount={delegated} />] satisfies [string, JSX.Element]] : [])],
    act: () => leave.mutateAsync(),
  });
  if (locked === 0n) return <p className="text-muted">It has left. Its process registers it again when it is started with {ncr(least)} free.</p>;
  return (
    <div className="grid justify-items-start gap-2 max-md:border-t max-md:border-line max-md:pt-4">
      {!active && <p className="text-warn">Too much was slashed: it has lost its place, and nothing appeals that. Leave to free what is locked; with {ncr(least)} free its process registers it again.</p>}
      <Button look="danger" disabled={duties.length > 0} onClick={askLeave}>Leave the validators</Button>
      <p className="text-sm text-muted">{duties.length > 0 ? `Not while it is on duty: ${plural(duties.length, 'round')} under way.` : 'Its place and its part in draws end at once; its stake comes back after the delay.'}</p>
    </div>
  );
}
