import type { ContractParameter } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useId, useState } from 'react';
import type { Address } from 'viem';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { governanceQuery, parametersQuery, useProposeMutation } from '../../queries/governance.ts';
import { duration } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { contractWord } from '../explorer/contractWords.ts';
import { unitOf } from '../explorer/unitOf.ts';
import { Value } from '../explorer/Value.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { ProposeCall } from './ProposeCall.tsx';
import { ProposeData } from './ProposeData.tsx';
import { ProposeMoney } from './ProposeMoney.tsx';
import { Threshold } from './Threshold.tsx';
import { type ParameterUnit, typedParameter } from './typedParameter.ts';
import { Unit } from './Unit.tsx';

const GAS = 250_000;
const MAX_TITLE = 120;
const unitOfParameter = ({ contract, name, type }: ContractParameter): ParameterUnit => (type === 'address' ? 'address' : unitOf(contract, name));

/** What a proposal can do, as people ask for it. */
const kinds = { parameter: t`Another value of a parameter`, money: t`Money from the treasury`, call: t`Another call of a contract`, data: t`A call by address and data, for experts` } as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

/** For a wallet: what is put to the vote, by a form for each kind of it. */
export function ProposeChange(): JSX.Element | null {
  const wallet = useWallet();
  const [open, setOpen] = useState(false);
  if (!wallet) return null;
  return (
    <Section title="Propose a change">
      {open ? <Form key={wallet.address} account={wallet.address} /> : <div className="flex flex-wrap items-center gap-3"><Button onClick={() => setOpen(true)}>Choose what to propose</Button><span className="text-sm text-muted">Fees, bonds, deadlines, the treasury and every contract are governed by vote.</span></div>}
    </Section>
  );
}

function Form({ account }: { account: Address }): JSX.Element {
  const id = useId();
  const [kept, setKept] = useKept('propose-kind');
  const [asked, setAsked] = useState<{ ask: Ask; clear: () => void }>();
  const kind = kindNames.find((name) => name === kept) ?? 'parameter';
  const props = { account, ask: (ask: Ask, clear: () => void) => setAsked({ ask, clear }) };
  return (
    <div className="grid gap-5">
      <div className="sm:max-w-[50%]">
        <label htmlFor={id} className="label">What is proposed</label>
        <select id={id} className="field" value={kind} onChange={(event) => setKept(event.target.value)}>{kindNames.map((name) => <option key={name} value={name}>{kinds[name]}</option>)}</select>
      </div>
      {{ parameter: <Parameters {...props} />, money: <ProposeMoney {...props} />, call: <ProposeCall {...props} />, data: <ProposeData {...props} /> }[kind]}
      {asked && <SignDialog ask={asked.ask} onClose={() => setAsked(undefined)} onDone={asked.clear} />}
    </div>
  );
}

type FormProps = { account: Address; ask: (ask: Ask, clear: () => void) => void };

function Parameters(props: FormProps): JSX.Element {
  const parameters = useQuery(parametersQuery());
  if (parameters.isError && !parameters.data) return <Failure error={parameters.error} safe="Nothing was signed." retry={() => void parameters.refetch()} />;
  return parameters.data ? <Fields {...props} parameters={parameters.data} /> : <Skeleton className="h-64" />;
}

type FieldsProps = FormProps & { parameters: ContractParameter[] };

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
        <Threshold account={account} />
      </div>
    </form>
  );
}
