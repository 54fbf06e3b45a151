import { useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { t } from '../language/t.ts';
import { tokenQuery } from '../queries/tokens.ts';
import { AdmittedFields } from './AdmittedFields.tsx';
import { Section } from './Layout.tsx';
import { LimitsFields } from './publish/LimitsFields.tsx';
import { OpenSwitch, isOpen } from './publish/OpenSwitch.tsx';
import { type DraftProblems, canTrain } from './publish/publishInput.ts';
import type { SampleKind } from './publish/sampleOf.ts';
import { StatisticsFields } from './publish/StatisticsFields.tsx';
import type { PublishDraft } from './publishDraft.ts';
import { categoryWords, taskWords } from './words.ts';

/** The token that downloads and subscriptions shall be paid in; undefined for NCR, and while its address is not whole. */
export function tokenOf({ token }: Pick<PublishDraft, 'token'>): `0x${string}` | undefined {
  const text = token.trim();
  return /^0x[0-9a-f]{40}$/i.test(text) ? (text as `0x${string}`) : undefined;
}

/** What downloads and subscriptions are paid in, in words. */
export function useUnit(draft: PublishDraft): string {
  const token = tokenOf(draft);
  const { data: facts } = useQuery({ ...tokenQuery(token ?? '0x'), enabled: token !== undefined });
  return token === undefined ? 'NCR' : (facts?.name ?? t`in its units`);
}

type TextName = { [Name in keyof PublishDraft]: string extends PublishDraft[Name] ? Name : never }[keyof PublishDraft];
type PublishFieldsProps = { draft: PublishDraft; problems: DraftProblems; /** Whether there are rows to train on and to show. */ isTable: boolean; /** What is published where nothing was chosen, too. */ sample: SampleKind; onChange: (draft: PublishDraft) => void };

type FieldsProps = { draft: PublishDraft; onChange: (draft: PublishDraft) => void };

const textField = ({ draft, onChange }: FieldsProps) => (name: TextName) => ({ id: name, value: draft[name], onChange: (event: { target: { value: string } }) => onChange({ ...draft, [name]: event.target.value }) });

/** Description, prices and terms of a dataset. */
export function PublishFields({ draft, problems, isTable, sample, onChange }: PublishFieldsProps): JSX.Element {
  const unit = useUnit(draft);
  const runs = canTrain(draft, { isTable });
  const text = textField({ draft, onChange });
  const price = (name: 'downloadPrice' | 'computePrice' | 'subscriptionPrice') => ({ ...text(name), inputMode: 'decimal' as const, 'aria-invalid': problems[name] !== undefined || undefined, 'aria-describedby': `${name}-help`, className: 'field num aria-invalid:border-bad' });
  return (
    <>
      <AboutFields draft={draft} onChange={onChange} />
      <Section title="Offers and terms">
        <div className="grid gap-4">
          <TermsFields draft={draft} problems={problems} onChange={onChange} />
          {!isOpen(draft) && <div className="grid gap-4 sm:grid-cols-3">
            <Field id="downloadPrice" label={`Download, ${unit}`} help="Empty: not offered" problem={problems.downloadPrice}><input {...price('downloadPrice')} /></Field>
            <Field id="computePrice" label="Training run, NCR" help={runs ? 'Empty: not offered' : whyNoRuns(draft, isTable)} problem={problems.computePrice}><input {...price('computePrice')} {...(runs ? {} : { value: '' })} disabled={!runs} /></Field>
            <Field id="sharePercent" label="Share of models, %" help="Of each sale of a model trained on it"><input {...text('sharePercent')} type="number" min={0} max={50} step={0.01} disabled={!runs} className="field num" /></Field>
            <Field id="subscriptionPrice" label={`Subscription, ${unit}`} help="Empty: not offered" problem={problems.subscriptionPrice}><input {...price('subscriptionPrice')} /></Field>
            <Field id="periodDays" label="Days that it lasts" help="Paid again for each period"><input {...text('periodDays')} type="number" min={1} max={3650} step={1} className="field num" /></Field>
          </div>}
          {!isOpen(draft) && runs && draft.computePrice.trim() !== '' && <AdmittedFields admits={draft.admits} smallestLeaf={draft.smallestLeaf} onChange={(change) => onChange({ ...draft, ...change })} />}
          <Field id="token" label="Paid in another token" help="Address of an ERC-20 that the market allows, for downloads and subscriptions. Empty: NCR. Runs are paid in NCR."><input {...text('token')} pattern="0x[0-9a-fA-F]{40}" placeholder="0x…" className="field num" /></Field>
        </div>
      </Section>
      <Section title="Sample">
        <div className="grid gap-4 sm:grid-cols-3">
          <Field id="sample" label="Free sample" help="To try a purchase on">
            <select id="sample" value={sample} disabled={!isTable} onChange={(event) => onChange({ ...draft, sample: sampleKinds.find(([kind]) => kind === event.target.value)?.[0] ?? 'none' })} className="field">
              {sampleKinds.map(([kind, words]) => <option key={kind} value={kind}>{words}</option>)}
            </select>
          </Field>
          {sample !== 'none' && <Field id="sampleRows" label="Rows" help="Everybody can have them for free"><input {...text('sampleRows')} type="number" required min={1} max={100_000} step={1} className="field num" /></Field>}
          {sample === 'random' && <Field id="sampleSeed" label="Seed" help="The same seed draws the same rows"><input {...text('sampleSeed')} type="number" required min={0} max={4_294_967_295} step={1} className="field num" /></Field>}
        </div>
        {sample !== 'none' && draft.sample === 'usual' && <p className="hint mt-3">Under an open licence the first rows are shown unless you choose none.</p>}
        {sample !== 'none' && <p className="hint mt-3">The sample becomes an asset of its own, with its own validation, and costs the same fee and bond once more.</p>}
      </Section>
    </>
  );
}

/** What a version says of itself. */
export function AboutFields({ draft, onChange }: FieldsProps): JSX.Element {
  const text = textField({ draft, onChange });
  return (
    <Section title="About the data">
      <div className="grid gap-4">
        <Field id="title" label="Title"><input {...text('title')} required maxLength={200} className="field" /></Field>
        <Field id="description" label="Description"><textarea {...text('description')} required rows={4} maxLength={20_000} className="field h-auto py-2" /></Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="license" label="Licence" help="SPDX id or address"><input {...text('license')} required maxLength={200} className="field" /></Field>
          <Field id="tags" label="Tags" help="Separated by commas"><input {...text('tags')} className="field" /></Field>
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="category" label="Category" help="Where people look for it"><Choice id="category" value={draft.category} words={categoryWords} onChange={(category) => onChange({ ...draft, category })} /></Field>
          <Field id="task" label="Task" help="What it is mostly used for"><Choice id="task" value={draft.task} words={taskWords} onChange={(task) => onChange({ ...draft, task })} /></Field>
        </div>
        <Field id="source" label="Source" help="Where it comes from, if it is public"><input {...text('source')} maxLength={1000} className="field" /></Field>
      </div>
    </Section>
  );
}

/** Who may read a version, what is told of it, and what it may be used for. */
export function TermsFields({ draft, problems, onChange }: FieldsProps & { problems: DraftProblems }): JSX.Element {
  return (
    <>
      <label className="flex items-start gap-3">
        <input type="checkbox" checked={draft.validatorsMayRead} onChange={(event) => onChange({ ...draft, validatorsMayRead: event.target.checked })} className="mt-0.5 size-4 accent-accent" />
        <span><span className="block font-medium">Validators may read the rows</span><span className="hint">With it they check the data themselves, and you can offer training runs; operators of validators and workers could read the rows then. Without it they check key shares, ciphertext and what you say here only, and the dataset’s page says so.</span></span>
      </label>
      <label className="flex items-start gap-3">
        <input type="checkbox" checked={draft.statistics} onChange={(event) => onChange({ ...draft, statistics: event.target.checked })} className="mt-0.5 size-4 accent-accent" />
        <span><span className="block font-medium">Statistics of numbers are public</span><span className="hint">Range, mean, deviation and quartiles of each column of numbers, no finer than a hundredth of its spread, so that buyers see what they get. Nothing is said of columns with fewer than 20 values.</span></span>
      </label>
      {draft.statistics && <StatisticsFields draft={draft} problem={problems.topValues} onChange={onChange} />}
      <OpenSwitch draft={draft} onChange={onChange} />
      <LimitsFields draft={draft} problem={problems.purposes} onChange={onChange} />
    </>
  );
}

/** One of some words; none of them leaves it to be guessed from title, tags and columns. */
function Choice<T extends string>({ id, value, words, onChange }: { id: string; value: T | ''; words: Record<T, string>; onChange: (value: T | '') => void }): JSX.Element {
  return (
    <select id={id} value={value} onChange={(event) => onChange((Object.keys(words) as T[]).find((one) => one === event.target.value) ?? '')} className="field">
      <option value="">As its words suggest</option>
      {(Object.entries(words) as [T, string][]).map(([one, word]) => <option key={one} value={one}>{word}</option>)}
    </select>
  );
}

const sampleKinds: [SampleKind, string][] = [['none', t`None`], ['first', t`The first rows`], ['random', t`Random rows by a seed`]];

function whyNoRuns({ validatorsMayRead }: PublishDraft, isTable: boolean): string {
  if (!isTable) return t`Only where there is a table`;
  return validatorsMayRead ? t`Only where something may be made of it` : t`Only where validators may read the rows`;
}

/** A named field with a hint below, or with what is wrong with it. */
export function Field({ id, label, help, problem, children }: { id: string; label: string; help?: string; problem?: string | undefined; children: ReactNode }): JSX.Element {
  return (
    <div>
      <label htmlFor={id} className="label">{label}</label>
      {children}
      {problem !== undefined && <p id={`${id}-help`} className="mt-1 text-sm text-bad">{problem}</p>}
      {problem === undefined && help && <p id={`${id}-help`} className="hint mt-1">{help}</p>}
    </div>
  );
}
