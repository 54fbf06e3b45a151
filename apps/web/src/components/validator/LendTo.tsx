import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { numeral } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { delegationsQuery } from '../../queries/coin.ts';
import { useLendMutation } from '../../queries/validators.ts';
import { duration, Money, ncr } from '../Amounts.tsx';
import { Facts } from '../Layout.tsx';
import { AmountForm } from '../token/AmountForm.tsx';
import { Lent } from '../token/Lending.tsx';
import { projected } from '../token/projected.ts';
import type { ActionProps } from './ActionProps.ts';

const GAS = { stake: 260_000, lend: 330_000 };

/** Lends to a validator what the wallet has at stake or in coins, and takes it back. */
export function LendTo({ status: { validatorId, account: validator, active, stake: its, costs }, account, balance, staking, ask }: ActionProps): JSX.Element {
  const { data: loans } = useQuery(delegationsQuery(account));
  const lend = useMutation(useLendMutation());
  const { stake, rewards } = staking;
  const wait = duration(rewards.unbondSeconds);
  const loan = loans?.find((one) => one.validator.toLowerCase() === validator.toLowerCase());
  const year = projected({ staking, added: 0n });
  const earns = (amount: bigint | undefined): string => (amount === undefined ? t`from your free stake first, then from your coins` : t`earns about ${ncr(projected({ staking, added: amount }).amount - year.amount)} a year`);
  // A slash takes the same part of what is lent as of what is its own.
  const lostBy = (cost: bigint): string => `${its.own === 0n ? 0 : numeral(Number((cost * 1_000_000n) / its.own) / 10_000)} %`;
  const askLend = (amount: bigint, clear: () => void): void => {
    const missing = amount > stake.free ? amount - stake.free : 0n;
    ask({
      title: t`Lend ${ncr(amount)} to validator ${validatorId}`, button: t`Sign and lend`, gas: GAS.lend + (missing > 0n ? GAS.stake : 0),
      text: t`It is drawn more often and can never take it. A slash takes the same part of it as of its own. Taking it back takes ${wait}.${missing > 0n ? t` First the missing stake is put up, in one or two transactions of its own.` : ''}`,
      lines: [[t`Of it from your free stake`, <Money key="free" amount={amount - missing} />], [t`Put at stake anew`, <Money key="new" amount={missing} />], [t`Lent to it then`, <Money key="then" amount={(loan?.amount ?? 0n) + amount} strong />], [t`A missed round costs of it`, lostBy(costs.silence)]],
      act: () => lend.mutateAsync({ account, validator, amount }),
    }, clear);
  };
  return (
    <>
      <Facts facts={[
        ['Stake earns', <span key="rate">{numeral(rewards.rateBps / 100)} % a year <span className="text-muted">({year.text})</span></span>],
        ['A missed round costs', <span key="silence">{lostBy(costs.silence)} <span className="text-muted">of it</span></span>],
        ['A wrong verdict costs', <span key="wrong">{lostBy(costs.overruled > costs.minority ? costs.overruled : costs.minority)} <span className="text-muted">at most, of runs</span></span>],
        ['Taking it back', wait],
      ]} />
      {active
        ? <AmountForm keep={`lend-to-${validatorId}`} label="Lend" button="Lend" max={stake.free + balance} maxText="All you have" hint={earns} onAsk={askLend} />
        : <p className="text-muted">It is not active, so nothing can be lent to it. What is lent stays its lender’s.</p>}
      {loan && (loan.amount > 0n || loan.leaving > 0n || loan.rewards > 0n) && <ul data-testid="loan" className="md:col-span-2"><Lent item={loan} wait={wait} ask={ask} /></ul>}
    </>
  );
}
