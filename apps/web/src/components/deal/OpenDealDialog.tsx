import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type JSX, type ReactNode, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Address } from 'viem';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { demoAccountsQuery, gasPriceQuery } from '../../queries/chain.ts';
import { dealEscrowQuery, useOpenDealMutation } from '../../queries/deals.ts';
import { useBalance } from '../../queries/tokens.ts';
import { AccountField } from '../AccountField.tsx';
import { count, Gas } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Funds } from '../Fix.tsx';
import { Line } from '../Line.tsx';
import { Modal } from '../Modal.tsx';
import { Field } from '../PublishFields.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { useKept } from '../useKept.ts';
import { useShell } from '../useShell.ts';
import { useTokenUnit } from '../useTokenUnit.ts';
import { type DealDraft, type MilestoneDraft, type Problem, type ReadDraft, MAX_MILESTONES, addMilestone, keptDealDraft, readDealDraft, tokenOfDraft } from './dealDraft.ts';

/** Upper bound of opening, for what each milestone stores too. */
const GAS = { open: 220_000, milestone: 60_000 };
const MAX_TEXT = 5_000;

type FieldsProps = { draft: DealDraft; read: ReadDraft; said: (problem: Problem) => string | undefined; onChange: (draft: DealDraft) => void };

/** Who delivers what, by when and for how much; what it costs and what happens to the money; then one signature. */
export function OpenDealDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const [text, setText] = useKept('deal-draft', { byLanguage: true });
  const [tried, setTried] = useState(false);
  const wallet = useWallet();
  const navigate = useNavigate();
  const { show } = useShell();
  const { data: people } = useQuery(demoAccountsQuery());
  const open = useMutation(useOpenDealMutation());
  const draft = keptDealDraft(text);
  const token = tokenOfDraft(draft);
  const unit = useTokenUnit(token ?? null);
  const { data: escrow } = useQuery({ ...dealEscrowQuery(token ?? null, wallet?.address), enabled: token !== undefined });
  const balance = useBalance(token ?? null, wallet?.address);
  const read = readDealDraft(draft, { people, own: wallet?.address, unit, isAllowed: escrow?.isAllowed });
  const short = balance !== undefined && read.total > balance;
  const said = ({ wrong, missing }: Problem): string | undefined => wrong ?? (tried ? missing : undefined);
  const onChange = (next: DealDraft): void => setText(JSON.stringify(next));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (read.input && !short && wallet) open.mutate(read.input, { onSuccess: ({ dealId }) => { setText(''); void navigate(`/deals/${dealId}`); } });
  };
  const fields = { draft, read, said, onChange };
  return (
    <Modal open onOpenChange={(isOpen) => !isOpen && !open.isPending && onClose()} title="Open a deal" description="You pay for work that is made for you, milestone by milestone. You are its buyer.">
      <form noValidate className="grid gap-5" onSubmit={submit}>
        <AccountField id="deal-seller" label="Who delivers" autoFocus value={draft.seller} onChange={(seller) => onChange({ ...draft, seller })} own={wallet?.address} problem={said(read.problems.seller)} />
        <Field id="deal-text" label="What was agreed" help="Public and permanent; whoever rules on a dispute reads it. Leave secrets and personal data out." problem={said(read.problems.text)}>
          <textarea id="deal-text" rows={4} maxLength={MAX_TEXT} className="field h-auto py-2" value={draft.text} onChange={(event) => onChange({ ...draft, text: event.target.value })} aria-invalid={said(read.problems.text) !== undefined} aria-describedby="deal-text-help" />
        </Field>
        <MilestoneFields {...fields} unit={unit?.unit ?? ''} />
        <RuleFields {...fields} own={wallet?.address} />
        <dl className="grid gap-2">
          <Line name={t`You pay into escrow`}>{unit && token !== undefined && <TokenAmount amount={read.total} token={token} strong />}</Line>
          <Line name={t`Fee`}>none</Line>
          <GasLine milestones={draft.milestones.length} />
          {wallet && <Line name={t`${wallet.name} holds`}>{balance !== undefined && token !== undefined && <TokenAmount amount={balance} token={token} />}</Line>}
        </dl>
        <What draft={draft} inToken={token !== null} />
        {short && <div role="alert" className="grid gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn"><p>{token === null ? 'This wallet holds too little NCR.' : 'This wallet holds too little of this token.'}</p>{token === null && <Funds />}</div>}
        {open.isError && <Failure error={open.error} safe="If no transaction was made, no money has moved. Otherwise it is in escrow, and the deal is in the list." />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose} disabled={open.isPending}>Cancel</Button>
          {wallet
            ? <Button type="submit" look="primary" busy={open.isPending} disabled={short}>{open.isPending ? 'Opening' : 'Sign and open'}</Button>
            : <Button look="primary" onClick={() => { onClose(); show('wallet'); }}>Choose a wallet</Button>}
        </div>
      </form>
    </Modal>
  );
}

function MilestoneFields({ draft, read, said, onChange, unit }: FieldsProps & { unit: string }): JSX.Element {
  const { milestones } = draft;
  const set = (index: number, change: Partial<MilestoneDraft>): void => onChange({ ...draft, milestones: milestones.map((part, at) => (at === index ? { ...part, ...change } : part)) });
  return (
    <div className="grid gap-4">
      {milestones.map((part, index) => {
        const problems = read.problems.milestones[index];
        const field = (name: keyof MilestoneDraft, label: string, look = 'field'): ReactNode => {
          const id = `deal-${index}-${name}`;
          const problem = problems && said(problems[name]);
          return (
            <Field id={id} label={label} problem={problem}>
              <input id={id} className={look} autoComplete="off" maxLength={120} {...(name === 'title' ? {} : { inputMode: name === 'amount' ? 'decimal' as const : 'numeric' as const })} value={part[name]} onChange={(event) => set(index, { [name]: event.target.value })} aria-invalid={problem !== undefined} {...(problem === undefined ? {} : { 'aria-describedby': `${id}-help` })} />
            </Field>
          );
        };
        return (
          <fieldset key={index} className="relative grid gap-3 border-t border-line pt-3">
            <legend className="float-left w-full font-medium">Milestone {index + 1}</legend>
            {milestones.length > 1 && <div className="absolute top-2 right-0"><Button size="small" look="quiet" aria-label={`Remove milestone ${index + 1}`} onClick={() => onChange({ ...draft, milestones: milestones.filter((_, at) => at !== index) })}>Remove</Button></div>}
            {field('title', t`What is delivered`)}
            <div className="grid grid-cols-2 gap-3">{field('amount', t`Amount, ${unit}`, 'field tabular-nums')}{field('days', t`Days to deliver`, 'field tabular-nums')}</div>
          </fieldset>
        );
      })}
      {milestones.length < MAX_MILESTONES && <div><Button size="small" onClick={() => onChange(addMilestone(draft))}>Add a milestone</Button></div>}
    </div>
  );
}

const arbiters: [DealDraft['arbiter'], string][] = [['jurors', t`Jurors, drawn by stake`], ['account', t`Somebody both trust`], ['nobody', t`Nobody: half to each`]];

function RuleFields({ draft, read, said, onChange, own }: FieldsProps & { own: Address | undefined }): JSX.Element {
  const id = useId();
  const days = (name: 'reviewDays' | 'arbitrationDays', label: string): JSX.Element => {
    const problem = said(read.problems[name]);
    return <Field id={`${id}${name}`} label={label} problem={problem}><input id={`${id}${name}`} className="field tabular-nums" inputMode="numeric" autoComplete="off" value={draft[name]} onChange={(event) => onChange({ ...draft, [name]: event.target.value })} aria-invalid={problem !== undefined} {...(problem === undefined ? {} : { 'aria-describedby': `${id}${name}-help` })} /></Field>;
  };
  return (
    <div className="grid gap-3 border-t border-line pt-3">
      <Field id={`${id}arbiter`} label="Who rules if you disagree">
        <select id={`${id}arbiter`} className="field" value={draft.arbiter} onChange={(event) => onChange({ ...draft, arbiter: arbiters.find(([one]) => one === event.target.value)?.[0] ?? 'jurors' })}>
          {arbiters.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
        </select>
      </Field>
      {draft.arbiter === 'account' && <AccountField id={`${id}account`} label="Arbiter" value={draft.arbiterAccount} onChange={(arbiterAccount) => onChange({ ...draft, arbiterAccount })} own={own} problem={said(read.problems.arbiterAccount)} />}
      <div className="grid grid-cols-2 items-end gap-3">{days('reviewDays', t`Days to contest a delivery`)}{days('arbitrationDays', t`Days to rule on it`)}</div>
      <Field id={`${id}token`} label="Paid in another token" help="Address of an ERC-20 that deals may be paid in. Empty: NCR." problem={said(read.problems.token)}>
        <input id={`${id}token`} className="field num" autoComplete="off" spellCheck={false} placeholder="0x…" value={draft.token} onChange={(event) => onChange({ ...draft, token: event.target.value })} aria-invalid={said(read.problems.token) !== undefined} aria-describedby={`${id}token-help`} />
      </Field>
    </div>
  );
}

function GasLine({ milestones }: { milestones: number }): JSX.Element {
  const { data: gasPrice } = useQuery(gasPriceQuery());
  const gas = GAS.open + GAS.milestone * milestones;
  return <Line name={t`Gas, at most about`}><span className="num">{count(gas)}</span>{gasPrice !== undefined && <span className="text-muted"> (<Gas wei={gasPrice * BigInt(gas)} />)</span>}</Line>;
}

/** What happens to the money, and when. */
function What({ draft, inToken }: { draft: DealDraft; inToken: boolean }): JSX.Element {
  return (
    <>
      <ol className="grid list-decimal gap-1 rounded-md bg-bg py-3 pr-4 pl-8 text-sm">
        <li>The sum of all milestones goes into escrow. Neither of you can take it alone.</li>
        <li>The seller delivers by each deadline. What is not delivered in time goes back to you.</li>
        <li>You release what is delivered, or contest it within {draft.reviewDays || '…'} days. If you stay silent, the seller is paid.</li>
        <li>{draft.arbiter === 'nobody' ? 'If you contest and come to no agreement, half goes to each.' : 'If you contest, whoever rules divides the milestone; if nobody rules in time, half goes to each.'}</li>
      </ol>
      <p className="text-sm text-muted">{inToken ? 'A signature lets the escrow take just this sum; tokens without permits need a first transaction for that.' : 'One transaction: it brings along a signature that lets the escrow take just this sum.'}</p>
    </>
  );
}
