import type { CoinFacts } from '@neurodata/sdk';
import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useUnwrapMutation, useWrapMutation } from '../../queries/coin.ts';
import { Money, ncr } from '../Amounts.tsx';
import { Section } from '../Layout.tsx';
import { AmountForm } from './AmountForm.tsx';
import type { Ask } from './SignDialog.tsx';

const GAS = { wrap: 260_000, unwrap: 120_000 };

/** Coins into votes and back. */
export function Votes({ coin, ask }: { coin: CoinFacts; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const wrap = useMutation(useWrapMutation());
  const unwrap = useMutation(useUnwrapMutation());
  const askWrap = (amount: bigint, clear: () => void): void => ask({
    title: `Turn ${ncr(amount)} into votes`, text: 'All your votes are then cast by you. They turn back into coins at any time.', gas: GAS.wrap, button: 'Sign and wrap',
    lines: [['Votes then', <Money key="votes" amount={coin.wrapped + amount} strong />], ['You keep to spend', <Money key="rest" amount={coin.balance - amount} />]], act: () => wrap.mutateAsync(amount),
  }, clear);
  const askUnwrap = (amount: bigint, clear: () => void): void => ask({
    title: `Turn votes into ${ncr(amount)}`, gas: GAS.unwrap, button: 'Sign and unwrap',
    lines: [['Votes then', <Money key="votes" amount={coin.wrapped - amount} />], ['To spend then', <Money key="then" amount={coin.balance + amount} strong />]], act: () => unwrap.mutateAsync(amount),
  }, clear);
  return (
    <Section title="Votes">
      <div className="grid gap-4">
        <AmountForm keep="wrap" label="Turn coins into votes" button="Wrap" look="secondary" max={coin.balance} maxText="All you hold" hint={() => 'they count for proposals whose voting begins later'}
          onAsk={askWrap} />
        <AmountForm keep="unwrap" label="Turn votes into coins" button="Unwrap" look="secondary" max={coin.wrapped} maxText="All votes" hint={() => 'what was voted stays voted'}
          onAsk={askUnwrap} />
      </div>
    </Section>
  );
}
