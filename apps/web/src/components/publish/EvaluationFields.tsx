import { scoresOf } from '@neurodata/engine';
import { type ModelReport, claimableScores } from '@neurodata/protocol';
import { Plus, X } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { useProfile } from '../../queries/vault.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { Field } from '../PublishFields.tsx';
import type { ClaimDraft, ModelDraft } from './modelDraft.ts';

type Signature = NonNullable<ModelReport['signature']>;
type EvaluationFieldsProps = { draft: ModelDraft; onChange: (draft: ModelDraft) => void; onTable: (table: File | undefined) => void; signature: Signature | undefined };

const titleOf = (name: string): string => tFrom([...scoresOf('classification'), ...scoresOf('regression')].find((score) => score.name === name)?.title ?? name);
const tables: [ModelDraft['measureOn'], string][] = [['nothing', t`Nothing: it is loaded only`], ['file', t`A CSV file that I publish along`], ['asset', t`A free dataset of the market`]];
/** More inputs than that are a matrix's, or are named after columns. */
const MOST_INPUTS = 50;

/** On which table the model is to be measured, and what is claimed of it. */
export function EvaluationFields({ draft, onChange, onTable, signature }: EvaluationFieldsProps): JSX.Element {
  const { profile } = useProfile();
  const { measureOn, validatorsMayRead, inputs } = draft;
  // Of a file they are chosen, once it is read; of a dataset they are typed.
  const columns = measureOn === 'file' ? (profile.data?.columns ?? []).map(({ name }) => name) : undefined;
  const others = (columns?.length === 0 ? [] : (signature?.inputs ?? [])).filter(({ name }) => !columns?.includes(name)).slice(0, MOST_INPUTS);
  const [only] = signature?.inputs ?? [];
  const isMatrix = signature?.inputs.length === 1 && only?.shape.length === 2 && only.shape[1] !== 1;
  const text = (name: 'assetId' | 'assetVersion' | 'target' | 'columns' | 'tolerance') => ({ id: name, value: draft[name], onChange: (event: { target: { value: string } }) => onChange({ ...draft, [name]: event.target.value }) });
  const choose = (table: File | undefined): void => {
    onTable(table);
    profile.reset();
    if (table) profile.mutate(table);
  };
  return (
    <Section title="Test and claims">
      <div className="grid gap-4">
        <label className="flex items-start gap-3">
          <input type="checkbox" checked={validatorsMayRead} onChange={(event) => onChange({ ...draft, validatorsMayRead: event.target.checked, ...(event.target.checked ? {} : { measureOn: 'nothing' }) })} className="mt-0.5 size-4 accent-accent" />
          <span><span className="block font-medium">Validators may open the model</span><span className="hint">They load it in a sandbox and measure it; buyers see their figures beside your claims. Without it nobody measures it, and the model’s page says so.</span></span>
        </label>
        <Field id="measureOn" label="Measured on" help={validatorsMayRead ? 'The table is for everybody to read, so that everybody can measure again' : 'Only where validators may open the model'}>
          <select id="measureOn" value={measureOn} disabled={!validatorsMayRead} onChange={(event) => onChange({ ...draft, measureOn: tables.find(([kind]) => kind === event.target.value)?.[0] ?? 'nothing' })} className="field">
            {tables.map(([kind, words]) => <option key={kind} value={kind}>{words}</option>)}
          </select>
        </Field>
        {measureOn === 'file' && (
          <Field id="table" label="Table" help="All of its rows become public, unsealed. CSV of at most 32 MiB, with the column that the model predicts.">
            <input id="table" type="file" required accept=".csv,text/csv" onChange={(event) => choose(event.target.files?.[0])} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />
          </Field>
        )}
        {profile.isError && measureOn === 'file' && <Failure error={profile.error} safe="The file has not left this browser." />}
        {measureOn === 'asset' && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="assetId" label="Dataset" help="Its number; it must be offered for nothing"><input {...text('assetId')} required inputMode="numeric" pattern="[1-9][0-9]*" className="field num" /></Field>
            <Field id="assetVersion" label="Version"><input {...text('assetVersion')} required inputMode="numeric" pattern="[1-9][0-9]*" className="field num" /></Field>
          </div>
        )}
        {measureOn !== 'nothing' && (
          <>
            <div className="grid gap-4 sm:grid-cols-2">
              <Field id="target" label="Target" help="The column that the model predicts"><Column {...text('target')} columns={columns} /></Field>
              <Field id="tolerance" label="Tolerance" help="How much worse a measurement may be. Empty: half of a claim’s last digit"><input {...text('tolerance')} inputMode="decimal" className="field num" /></Field>
            </div>
            {isMatrix
              ? <Field id="columns" label="Columns of its matrix" help="In the model’s order, separated by commas. Empty: all but the target, in the table’s order"><input {...text('columns')} className="field" /></Field>
              : others.map(({ name }) => (
                <Field key={name} id={`input-${name}`} label={`Column for the input ${name}`} help="Empty: the column of the same name">
                  <Column id={`input-${name}`} optional columns={columns} value={inputs[name] ?? ''} onChange={(event) => onChange({ ...draft, inputs: { ...inputs, [name]: event.target.value } })} />
                </Field>
              ))}
            <Claims claims={draft.claims} onChange={(claims) => onChange({ ...draft, claims })} />
          </>
        )}
      </div>
    </Section>
  );
}

type ColumnProps = { id: string; value: string; onChange: (event: { target: { value: string } }) => void; columns: string[] | undefined; optional?: boolean };

/** One of the table's columns; typed where they are not known here. */
function Column({ columns, optional = false, ...rest }: ColumnProps): JSX.Element {
  if (!columns) return <input {...rest} required={!optional} className="field" />;
  return (
    <select {...rest} required={!optional} className="field">
      <option value="">{optional ? 'The same name' : 'Choose a column'}</option>
      {columns.map((name) => <option key={name} value={name}>{name}</option>)}
    </select>
  );
}

function Claims({ claims, onChange }: { claims: ClaimDraft[]; onChange: (claims: ClaimDraft[]) => void }): JSX.Element {
  const free = Object.keys(claimableScores).find((name) => !claims.some((claim) => claim.name === name));
  const changed = (place: number, change: Partial<ClaimDraft>): void => onChange(claims.map((claim, index) => (index === place ? { ...claim, ...change } : claim)));
  return (
    <fieldset className="grid gap-2">
      <legend className="label">Claims</legend>
      {claims.map(({ name, value }, place) => (
        <div key={name} className="flex items-center gap-2">
          <select aria-label={`Score ${place + 1}`} value={name} onChange={(event) => changed(place, { name: event.target.value })} className="field flex-1">
            {Object.keys(claimableScores).filter((one) => one === name || !claims.some((claim) => claim.name === one)).map((one) => <option key={one} value={one}>{titleOf(one)}</option>)}
          </select>
          <input aria-label={`Claimed ${titleOf(name)}`} value={value} required inputMode="decimal" onChange={(event) => changed(place, { value: event.target.value })} className="field num w-32" />
          <Button look="quiet" aria-label={`Drop the claim of ${titleOf(name)}`} onClick={() => onChange(claims.filter((_, index) => index !== place))}><X size={16} aria-hidden="true" /></Button>
        </div>
      ))}
      <div><Button size="small" disabled={free === undefined} onClick={() => free && onChange([...claims, { name: free, value: '' }])}><Plus size={14} aria-hidden="true" />Add a claim</Button></div>
    </fieldset>
  );
}
