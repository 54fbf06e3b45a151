import type { CoinFacts } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { type Address, zeroAddress } from 'viem';
import { t } from '../../language/t.ts';
import { demoAccountsQuery } from '../../queries/chain.ts';
import { useDelegateVotesMutation, useUnwrapMutation, useWrapMutation } from '../../queries/coin.ts';
import { Account } from '../Account.tsx';
import { Money, ncr } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Section } from '../Layout.tsx';
import { useKept } from '../useKept.ts';
import { AmountForm } from './AmountForm.tsx';
import { recipientOf } from './recipientOf.ts';
import type { Ask } from './SignDialog.tsx';

const GAS = { wrap: 260_000, unwrap: 120_000, delegate: 150_000 };
const isNobody = (address: Address): boolean => address === zeroAddress;

/** Coins into votes and back. */
export function Votes({ account, coin, ask }: { account: Address; coin: CoinFacts; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const elsewhere = !isNobody(coin.delegatee) && coin.delegatee.toLowerCase() !== account.toLowerCase();
  const wrap = useMutation(useWrapMutation());
  const unwrap = useMutation(useUnwrapMutation());
  const askWrap = (amount: bigint, clear: () => void): void => ask({
    title: t`Turn ${ncr(amount)} into votes`, text: t`${elsewhere ? t`Whom you delegated to casts them too.` : t`All your votes are then cast by you.`} They turn back into coins at any time.`, gas: GAS.wrap, button: t`Sign and wrap`,
    lines: [[t`Votes then`, <Money key="votes" amount={coin.wrapped + amount} strong />], [t`You keep to spend`, <Money key="rest" amount={coin.balance - amount} />]], act: () => wrap.mutateAsync({ amount, keepDelegate: elsewhere }),
  }, clear);
  const askUnwrap = (amount: bigint, clear: () => void): void => ask({
    title: t`Turn votes into ${ncr(amount)}`, gas: GAS.unwrap, button: t`Sign and unwrap`,
    lines: [[t`Votes then`, <Money key="votes" amount={coin.wrapped - amount} />], [t`To spend then`, <Money key="then" amount={coin.balance + amount} strong />]], act: () => unwrap.mutateAsync(amount),
  }, clear);
  return (
    <Section title="Votes">
      <div className="grid gap-4">
        <AmountForm keep="wrap" label="Turn coins into votes" button="Wrap" look="secondary" max={coin.balance} maxText="All you hold" hint={() => t`they count for proposals whose voting begins later`}
          onAsk={askWrap} />
        <AmountForm keep="unwrap" label="Turn votes into coins" button="Unwrap" look="secondary" max={coin.wrapped} maxText="All votes" hint={() => t`what was voted stays voted`}
          onAsk={askUnwrap} />
        <Delegate account={account} coin={coin} elsewhere={elsewhere} ask={ask} />
      </div>
    </Section>
  );
}

/** Who casts the votes: the account itself, or somebody it trusts. The coins stay its own. */
function Delegate({ account, coin, elsewhere, ask }: { account: Address; coin: CoinFacts; elsewhere: boolean; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const id = useId();
  const [who, setWho] = useKept('delegate-to');
  const { data: people } = useQuery(demoAccountsQuery());
  const delegate = useMutation(useDelegateVotesMutation());
  const to = recipientOf(who, people);
  const wrong = who.trim() === '' ? undefined : to === undefined || isNobody(to) ? t`This is neither an address nor a name.` : to.toLowerCase() === coin.delegatee.toLowerCase() ? t`They cast your votes already.` : undefined;
  const askDelegate = (delegatee: Address): void => ask({
    title: delegatee === account ? t`Cast your votes yourself` : t`Let somebody else cast your votes`, text: t`It counts for proposals whose voting begins later. The coins stay yours, and you can take the votes back at any time.`, gas: GAS.delegate, button: t`Sign and delegate`,
    lines: [[t`Cast by`, <Account key="by" address={delegatee} />], [t`Votes`, <Money key="votes" amount={coin.wrapped} strong />]], act: () => delegate.mutateAsync(delegatee),
  }, () => setWho(''));
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); if (to && !wrong) askDelegate(to); }}>
      <label htmlFor={id} className="label">Who casts your votes</label>
      <div className="flex gap-2">
        <input id={id} className="field min-w-0 flex-1" autoComplete="off" spellCheck={false} placeholder="0x… of somebody you trust" value={who} onChange={(event) => setWho(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-hint`} />
        <Button type="submit">Delegate</Button>
      </div>
      <p id={`${id}-hint`} className="mt-1 flex min-h-5 flex-wrap items-baseline justify-between gap-x-4 text-sm text-muted">
        {wrong ? <span role="alert" className="text-bad">{wrong}</span> : isNobody(coin.delegatee) ? <span>Nobody casts them yet.</span> : <span>Now: {elsewhere ? <Account address={coin.delegatee} /> : 'you'}</span>}
        {elsewhere && <button type="button" className="link ml-auto" onClick={() => askDelegate(account)}>Cast them yourself</button>}
      </p>
    </form>
  );
}
