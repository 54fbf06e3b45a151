import type { ValidatorTerms } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useId, useState } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { nodeUrl } from '../../client/nodeUrl.ts';
import { useWallet } from '../../client/wallet.ts';
import { numeral } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { accountQuery, configQuery, demoAccountsQuery } from '../../queries/chain.ts';
import { useSendMutation } from '../../queries/coin.ts';
import { useFundsMutation } from '../../queries/mutations.ts';
import { candidateQuery, validatorTermsQuery } from '../../queries/validators.ts';
import { duration, Gas, Money, ncr } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { CodeBlock } from '../Copy.tsx';
import { StatusMark } from '../StatusMark.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Facts } from '../Layout.tsx';
import { projected } from '../token/projected.ts';
import { recipientOf } from '../token/recipientOf.ts';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { useShell } from '../useShell.ts';

const GAS = { send: 70_000 };

/** What a validator takes, earns and can lose, and the way to become one: its process joins by itself, this page pays its stake. */
export function RunValidator(): JSX.Element {
  const { data: terms, error, refetch } = useQuery(validatorTermsQuery());
  if (error && !terms) return <Failure error={error} safe="Nothing was signed." retry={() => void refetch()} />;
  if (!terms) return <Skeleton className="h-96" />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Facts facts={factsOf(terms)} />
      <ol className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <Step number={1} title={t`Start its process`}>
          <p className="max-w-[72ch] text-muted">On a machine that stays on, under an address at which others reach it. It makes the key to which parts of keys are sealed from its own account, so joining happens there and on no page: a page that asks for that signature wants the shares.</p>
          <CodeBlock label="command to start a validator" code={`npx neurodata node up --role validator --home ./validator \\\n  --gateway ${nodeUrl} \\\n  --port 4010 --endpoint https://validator.example`} />
          <p className="max-w-[72ch] text-sm text-muted">Put your address for the last one. The first start makes <code>account.key</code>, of which you keep a copy offline, and ends by naming its account.</p>
        </Step>
        <Step number={2} title={t`Pay its stake`}><Candidate terms={terms} /></Step>
        <Step number={3} title={t`Start it again`}>
          <p className="max-w-[72ch] text-muted">It puts {ncr(terms.minStake)} at stake, registers its key and address, and answers. From then on it holds parts of keys and is drawn; its page says what it owes, and why it was paid or not.</p>
        </Step>
      </ol>
    </div>
  );
}

function factsOf({ minStake, roundFee, committeeSize, costs, falseShare, active, mostActive, rewards }: ValidatorTerms): [string, ReactNode][] {
  const year = projected({ staking: { stake: { stake: 0n }, rewards }, added: minStake });
  return [
    [t`Least stake`, <Money key="stake" amount={minStake} strong />],
    [t`A round pays`, <span key="round"><Money amount={roundFee} /> <span className="text-muted">for a version, shared by those of its {committeeSize} members who are right</span></span>],
    [t`Stake earns`, <span key="rate">{numeral(rewards.rateBps / 100)} % <span className="text-muted">a year: the least stake about {ncr(year.amount)}, {year.text}</span></span>],
    [t`Silence costs`, <Money key="silence" amount={costs.silence} />],
    [t`A wrong verdict costs`, <span key="wrong"><Money amount={costs.minority} /> in the minority, <Money amount={costs.overruled} /> if referees overrule the quorum <span className="text-muted">(of runs only)</span></span>],
    [t`A false key share costs`, <Money key="false" amount={falseShare} />],
    [t`Taking out takes`, duration(rewards.unbondSeconds)],
    [t`Places`, t`${active} of ${mostActive} taken`],
  ];
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }): JSX.Element {
  return <li className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t border-line pt-4"><h3 className="font-medium">{number}. {title}</h3>{children}</li>;
}

function Candidate({ terms }: { terms: ValidatorTerms }): JSX.Element {
  const id = useId();
  const [text, setText] = useKept('validator-candidate');
  const { data: people } = useQuery(demoAccountsQuery());
  const account = recipientOf(text, people);
  const wrong = text.trim() !== '' && account === undefined;
  return (
    <div className="grid gap-4">
      <div className="max-w-xl">
        <label htmlFor={id} className="label">Account that the process named</label>
        <input id={id} className="field" autoComplete="off" spellCheck={false} placeholder="0x…" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong} aria-describedby={`${id}-hint`} />
        <p id={`${id}-hint`} className="mt-1 min-h-5 text-sm text-muted">{wrong ? <span role="alert" className="text-bad">This is no address: 0x and 40 digits, whose capitals fit.</span> : 'Its address, not its key: the key stays on that machine.'}</p>
      </div>
      {account && <Checklist key={account} account={account} terms={terms} />}
    </div>
  );
}

/** What the account has, what it lacks, and the one thing to do. */
function Checklist({ account, terms: { minStake } }: { account: Address; terms: ValidatorTerms }): JSX.Element {
  const { data, error, refetch } = useQuery(candidateQuery(account));
  if (error && !data) return <Failure error={error} safe="Nothing was sent." retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24" />;
  const { gas, coins, freeStake, validatorId, active } = data;
  const missing = active || freeStake + coins >= minStake ? 0n : minStake - freeStake - coins;
  return (
    <div className="grid gap-3">
      <ul className="grid gap-2" aria-live="polite" data-testid="candidate">
        <Item done={gas > 0n}>{gas > 0n ? <>It has <Gas wei={gas} /> for gas.</> : 'It has nothing to pay for gas: send it some of the chain’s native coin from your wallet.'}</Item>
        <Item done={missing === 0n}>{active ? <>Its stake is locked.</> : missing === 0n ? <>It has the stake: <Money amount={freeStake} /> at stake and free, <Money amount={coins} /> besides.</> : <><Money amount={missing} strong /> are missing of its stake.</>}</Item>
        <Item done={active}>{active ? <>It is <Link className="link" to={`/validators/${validatorId}`}>validator {validatorId}</Link>.</> : validatorId === undefined ? 'It has not registered: its process does that when it is started again.' : <>It was <Link className="link" to={`/validators/${validatorId}`}>validator {validatorId}</Link>; its process registers it anew.</>}</Item>
      </ul>
      {!active && <Pay account={account} missing={missing} gas={gas} />}
    </div>
  );
}

function Item({ done, children }: { done: boolean; children: ReactNode }): JSX.Element {
  return <li className="flex gap-2"><StatusMark status={done ? 'passed' : 'not-checked'} /><span className="min-w-0">{children}</span></li>;
}

function Pay({ account, missing, gas }: { account: Address; missing: bigint; gas: bigint }): JSX.Element | null {
  const wallet = useWallet();
  const { show } = useShell();
  const { data: config } = useQuery(configQuery());
  const { data: own } = useQuery(accountQuery(wallet?.address));
  const [asked, setAsked] = useState<Ask>();
  const send = useMutation(useSendMutation());
  const funds = useMutation(useFundsMutation());
  const isSelf = wallet?.address.toLowerCase() === account.toLowerCase();
  const short = own !== undefined && own.balance < missing;
  const askSend = (): void => setAsked({
    title: t`Send ${ncr(missing)} to the validator`, text: t`The process puts it at stake when it is started again. Only whoever has its account.key can bring it back.`, gas: GAS.send, button: t`Sign and send`,
    lines: [[t`Amount`, <Money key="amount" amount={missing} strong />], ...(own ? [[t`You keep`, <Money key="rest" amount={own.balance - missing} />] satisfies [string, JSX.Element] ] : [])], act: () => send.mutateAsync({ to: account, amount: missing }),
  });
  if (missing === 0n && (gas > 0n || !config?.demo) && !asked) return null;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        {missing > 0n && !isSelf && (wallet
          ? <Button look="primary" disabled={!own || short} onClick={askSend}>Send the missing {ncr(missing)}</Button>
          : <Button look="primary" onClick={() => show('wallet')}>Choose a wallet to pay with</Button>)}
        {config?.demo && (gas === 0n || missing > 0n) && <Button busy={funds.isPending} onClick={() => funds.mutate(account)}>Get play money for it</Button>}
        {short && missing > 0n && !isSelf && <span className="text-sm text-bad">Your wallet holds {ncr(own.balance)}.</span>}
      </div>
      {funds.isError && <Failure error={funds.error} safe="Nothing was sent." />}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
