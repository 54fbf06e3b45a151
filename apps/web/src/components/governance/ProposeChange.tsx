import type { ContractParameter } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useId, useState } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { coinQuery } from '../../queries/coin.ts';
import { governanceQuery, parametersQuery, useProposeMutation } from '../../queries/governance.ts';
import { duration, Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { contractWord } from '../explorer/contractWords.ts';
import { unitOf } from '../explorer/unitOf.ts';
import { Value } from '../explorer/Value.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { type ParameterUnit, typedParameter } from './typedParameter.ts';

const GAS = 250_000;
const MAX_TITLE = 120;
const unitOfParameter = ({ contract, name, type }: ContractParameter): ParameterUnit => (type === 'address' ? 'address' : unitOf(contract, name));

/** For a wallet: another value of one parameter, put to the vote. */
export function ProposeChange(): JSX.Element | null {
  const wallet = useWallet();
  const [open, setOpen] = useState(false);
  if (!wallet) return null;
  return (
    <Section title="Propose a change">
      {open ? <Form key={wallet.address} account={wallet.address} /> : <div className="flex flex-wrap items-center gap-3"><Button onClick={() => setOpen(true)}>Choose a parameter</Button><span className="text-sm text-muted">Fees, bonds and deadlines are set by vote.</span></div>}
    </Section>
  );
}

function Form({ account }: { account: Address }): JSX.Element {
  const parameters = useQuery(parametersQuery());
  const [asked, setAsked] = useState<{ ask: Ask; clear: () => void }>();
  if (parameters.isError && !parameters.data) return <Failure error={parameters.error} safe="Nothing was signed." retry={() => void parameters.refetch()} />;
  if (!parameters.data) return <Skeleton className="h-64" />;
  return (
    <>
      <Fields account={account} parameters={parameters.data} ask={(ask, clear) => setAsked({ ask, clear })} />
      {asked && <SignDialog ask={asked.ask} onClose={() => setAsked(undefined)} onDone={asked.clear} />}
    </>
  );
}

type FieldsProps = { account: Address; parameters: ContractParameter[]; ask: (ask: Ask, clear: () => void) => void };

function Fields({ account, parameters, ask }: FieldsProps): JSX.Element {
  const id = useId();
  const [key, setKey] = useKept('propose-parameter');
  const [text, setText] = useKept('propose-value', { byLanguage: true });
  const [title, setTitle] = useKept('propose-title');
  const propose = useMutation(useProposeMutation());
  const { data: rules } = useQuery(governanceQuery());
  const chosen = parameters.find(({ contract, name }) => `${contract}.${name}` === key) ?? parameters[0];
  if (!chosen) return <Skeleton className="h-64" />;
  const { contract, name } = chosen;
  const shown = (value: bigint | string): ReactNode => <Value key={name} contract={contract} name={name} value={value} beside={{}} />;
  const typed = typedParameter(text, unitOfParameter(chosen));
  const wrong = typed.value !== undefined && String(typed.value).toLowerCase() === String(chosen.value).toLowerCase() ? t`It is that already.` : typed.wrong;
  const ready = typed.value !== undefined && wrong === undefined && title.trim() !== '';
  const submit = (): void => {
    const { value } = typed;
    if (value === undefined || !ready) return;
    ask({
      title: t`Propose another value`, text: t`“${title.trim()}”: if the vote is won, ${name} of ${contractWord(contract)} becomes what stands below, and its other parameters what they are now.`, gas: GAS, button: t`Sign and propose`,
      lines: [[t`Now`, shown(chosen.value)], [t`Then`, shown(value)], ...(rules ? [[t`Voting begins after`, duration(rules.votingDelay)], [t`Voting lasts`, duration(rules.votingPeriod)]] satisfies [string, string][] : [])],
      act: () => propose.mutateAsync({ contract, name, value, description: title.trim() }),
    }, () => { setText(''); setTitle(''); });
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); submit(); }} className="grid gap-4 sm:grid-cols-2">
      <div>
        <label htmlFor={`${id}-name`} className="label">Parameter</label>
        <select id={`${id}-name`} className="field" value={`${contract}.${name}`} onChange={(event) => { setKey(event.target.value); setText(''); }}>
          {parameters.map((one) => <option key={`${one.contract}.${one.name}`} value={`${one.contract}.${one.name}`}>{`${contractWord(one.contract)}: ${one.name}`}</option>)}
        </select>
        <p className="mt-1 text-sm text-muted">Now: {shown(chosen.value)}</p>
      </div>
      <div>
        <label htmlFor={`${id}-value`} className="label">New value</label>
        <div className="relative">
          <input id={`${id}-value`} className="field w-full pr-20 tabular-nums" autoComplete="off" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} />
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-muted"><Unit unit={unitOfParameter(chosen)} /></span>
        </div>
        <p id={`${id}-wrong`} className="mt-1 min-h-5 text-sm text-bad" role={wrong ? 'alert' : undefined}>{wrong}</p>
      </div>
      <div className="sm:col-span-2">
        <label htmlFor={`${id}-title`} className="label">Title: what it is for</label>
        <input id={`${id}-title`} className="field w-full" autoComplete="off" maxLength={MAX_TITLE} value={title} onChange={(event) => setTitle(event.target.value)} />
      </div>
      <div className="flex flex-wrap items-center gap-3 sm:col-span-2">
        <Button type="submit" look="primary" disabled={!ready}>Propose</Button>
        {rules && <Threshold account={account} needed={rules.proposalThreshold} />}
      </div>
    </form>
  );
}

function Unit({ unit }: { unit: ParameterUnit }): JSX.Element | null {
  if (unit === 'NCR') return <>NCR</>;
  if (unit === 'bps') return <>%</>;
  return unit === 'seconds' ? <>seconds</> : null;
}

/** Who may propose; the contract decides by the votes of a second ago. */
function Threshold({ account, needed }: { account: Address; needed: bigint }): JSX.Element {
  const { data: coin } = useQuery(coinQuery(account));
  return <span className="text-sm text-muted">It takes <Money amount={needed} /> of votes to propose{coin && <>; you have <Money amount={coin.weight} /></>}. {coin && coin.weight < needed && <Link className="link" to="/token">Wrap and delegate</Link>}</span>;
}
