import type { DelegationDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { t } from '../../language/t.ts';
import { validatorsQuery } from '../../queries/chain.ts';
import { delegationsQuery, useClaimDelegationMutation, useDelegateStakeMutation, useUndelegateStakeMutation, useWithdrawDelegationMutation } from '../../queries/coin.ts';
import { Account } from '../Account.tsx';
import { Money, When, ncr, useNow } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { useKept } from '../useKept.ts';
import { AmountForm } from './AmountForm.tsx';
import type { Ask } from './SignDialog.tsx';

const GAS = { lend: 330_000, back: 260_000, claim: 160_000, withdraw: 140_000 };

type Asking = (ask: Ask, clear: () => void) => void;
const nothing = (): void => undefined;

/** Free stake lent to validators: it counts as theirs, earns for its owner, and loses with them. */
export function Lending({ account, free, wait, ask }: { account: Address; free: bigint; /** How long taking it back takes, in words. */ wait: string; ask: Asking }): JSX.Element {
  const { data } = useQuery(delegationsQuery(account));
  return (
    <div className="mt-5 border-t border-line pt-4">
      <h3 className="mb-2 font-medium">Lent to validators</h3>
      <p className="mb-3 max-w-[72ch] text-sm text-muted">Free stake can be lent to a validator: it is drawn more often, you earn, and you lose the same part as it does when it is slashed. It can never take it. Who validates, and how well: <Link to="/validators" className="link">Validators</Link>.</p>
      <div className="grid gap-6 md:grid-cols-2">
        {data && data.length > 0 && <ul className="grid content-start gap-4">{data.map((item) => <Lent key={item.validator} item={item} wait={wait} ask={ask} />)}</ul>}
        <Lend account={account} free={free} wait={wait} ask={ask} />
      </div>
    </div>
  );
}

function Lend({ account, free, wait, ask }: { account: Address; free: bigint; wait: string; ask: Asking }): JSX.Element {
  const { data: validators } = useQuery(validatorsQuery());
  const lend = useMutation(useDelegateStakeMutation());
  const [chosen, setChosen] = useKept('lend-to');
  const id = useId();
  const others = validators?.filter((one) => one.active && one.account.toLowerCase() !== account.toLowerCase()) ?? [];
  const validator = others.find((one) => one.account === chosen) ?? others[0];
  const askLend = (amount: bigint, clear: () => void): void => {
    if (!validator) return;
    ask({
      title: t`Lend ${ncr(amount)} to validator ${validator.validatorId}`, text: t`You lose the same part as it does when it is slashed. Taking it back takes ${wait}.`, gas: GAS.lend, button: t`Sign and lend`,
      lines: [[t`Lent`, <Money key="lent" amount={amount} strong />], [t`Free stake then`, <Money key="free" amount={free - amount} />]], act: () => lend.mutateAsync({ validator: validator.account, amount }),
    }, clear);
  };
  return (
    <AmountForm keep="lend" label="Lend" button="Lend" look="secondary" max={free} maxText="All that is free" blocked={!validator} hint={() => t`of the stake that is not locked`} onAsk={askLend}
      before={(
        <div>
          <label htmlFor={id} className="label">To</label>
          <select id={id} className="field" value={validator?.account ?? ''} onChange={(event) => setChosen(event.target.value)}>
            {others.length === 0 && <option value="">No validator is active</option>}
            {others.map((one) => <option key={one.validatorId} value={one.account}>Validator {one.validatorId}, {ncr(one.stake)} at stake</option>)}
          </select>
        </div>
      )} />
  );
}

/** One loan: what it earns, and the way back. */
export function Lent({ item, wait, ask }: { item: DelegationDto; wait: string; ask: Asking }): JSX.Element {
  const { validator, amount, rewards, leaving, availableAt } = item;
  const now = useNow();
  const back = useMutation(useUndelegateStakeMutation());
  const claim = useMutation(useClaimDelegationMutation());
  const withdraw = useMutation(useWithdrawDelegationMutation());
  const ready = leaving > 0n && availableAt !== undefined && availableAt <= now;
  const askClaim = (): void => ask({ title: t`Collect what your loan earned`, lines: [[t`At least`, <Money key="rewards" amount={rewards} strong />]], gas: GAS.claim, button: t`Sign and collect`, act: () => claim.mutateAsync(validator) }, nothing);
  const askWithdraw = (): void => ask({ title: t`Collect what came back from the validator`, lines: [[t`Comes back`, <Money key="back" amount={leaving} strong />]], gas: GAS.withdraw, button: t`Sign and collect`, act: () => withdraw.mutateAsync(validator) }, nothing);
  const askBack = (taken: bigint, clear: () => void): void => ask({
    title: t`Take ${ncr(taken)} back`, text: t`It stops earning now, can be collected in ${wait}, and can still be slashed until then.${leaving > 0n ? t` What is on its way already waits as long anew.` : ''}`,
    lines: [[t`Lent then`, <Money key="lent" amount={amount - taken} />], [t`On its way back`, <Money key="leaving" amount={leaving + taken} strong />]], gas: GAS.back, button: t`Sign and take back`, act: () => back.mutateAsync({ validator, amount: taken }),
  }, clear);
  return (
    <li className="grid gap-2 rounded-md bg-bg p-3">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="flex flex-wrap gap-x-3"><Account address={validator} /><span><Money amount={amount} /> lent, earned <Money amount={rewards} /></span></span>
        <Button size="small" disabled={rewards === 0n} onClick={askClaim} aria-label="Collect what your loan earned">Collect</Button>
      </div>
      {leaving > 0n && (
        <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <span className="text-muted"><Money amount={leaving} /> leaving{availableAt !== undefined && (ready ? ', ready' : <>, ready <When at={availableAt} /></>)}</span>
          <Button size="small" disabled={!ready} onClick={askWithdraw} aria-label="Collect what came back">Collect</Button>
        </div>
      )}
      {amount > 0n && <AmountForm keep={`lend-back-${validator}`} label="Take back" button="Take back" look="secondary" max={amount} maxText="All of it" onAsk={askBack} />}
    </li>
  );
}
