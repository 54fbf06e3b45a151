import { type Admission, type Parameter, findAlgorithm } from '@neurodata/engine';
import type { JSX, ReactNode } from 'react';
import { type Draft, textOf, withValue } from './draft.ts';
import { fieldProblem } from './draftSpec.ts';

type FieldsProps = { draft: Draft; admission: Admission; onChange: (draft: Draft) => void };

/** Authors put first what people change first. */
const SHOWN = 4;

/** The algorithm's hyper-parameters, built from its schema: the first few in view, the rest behind a fold. */
export function ParameterFields({ draft, admission, onChange }: FieldsProps): JSX.Element {
  const { parameters } = findAlgorithm(draft.algorithm);
  const field = (parameter: Parameter): JSX.Element => (
    <ParameterField key={`${draft.algorithm} ${parameter.name}`} parameter={parameter} problem={fieldProblem(draft, parameter, admission)} text={textOf(draft, parameter, admission)} onText={(text) => onChange(withValue(draft, parameter.name, text))} />
  );
  const rest = parameters.slice(SHOWN);
  return (
    <div className="grid gap-5">
      {parameters.length === 0 && <p className="text-muted">This algorithm has none.</p>}
      <div className="grid gap-5 sm:grid-cols-2">{parameters.slice(0, SHOWN).map(field)}</div>
      {rest.length > 0 && (
        <details className="rounded-md border border-line px-4 py-3" open={rest.some((parameter) => fieldProblem(draft, parameter, admission) !== undefined) || undefined}>
          <summary className="text-sm font-medium">Advanced <span className="font-normal text-muted">{rest.length} more</span></summary>
          <div className="mt-4 grid gap-5 sm:grid-cols-2">{rest.map(field)}</div>
        </details>
      )}
    </div>
  );
}

function ParameterField({ parameter, text, problem, onText }: { parameter: Parameter; text: string; problem: string | undefined; onText: (text: string) => void }): JSX.Element {
  const { name, title, help } = parameter;
  const id = `parameter-${name}`;
  if (parameter.kind === 'boolean') {
    return (
      <label className="flex items-start gap-3">
        <input id={id} type="checkbox" checked={text === 'true'} onChange={(event) => onText(String(event.target.checked))} className="mt-0.5 size-4 accent-accent" />
        <span><Name title={title} name={name} /><span className="hint block">{help}</span></span>
      </label>
    );
  }
  const common = { id, value: text, 'aria-describedby': `${id}-help` };
  const chosen = parameter.kind === 'choice' ? parameter.options.find(({ value }) => value === text) : undefined;
  return (
    <div>
      <label htmlFor={id} className="label"><Name title={title} name={name} /></label>
      {parameter.kind === 'choice'
        ? <select {...common} onChange={(event) => onText(event.target.value)} className="field">{parameter.options.map(({ value }) => <option key={value} value={value}>{value}</option>)}</select>
        : <input {...common} inputMode={parameter.kind === 'integers' ? 'text' : 'decimal'} autoComplete="off" aria-invalid={problem !== undefined || undefined} placeholder={parameter.kind === 'integers' ? '' : parameter.orNull} onChange={(event) => onText(event.target.value)} className="field num aria-invalid:border-bad" />}
      <Help id={`${id}-help`} problem={problem}>{help}{chosen && chosen.help !== '' && <> <b className="font-medium text-text">{chosen.value}</b>: {chosen.help}</>}</Help>
    </div>
  );
}

function Name({ title, name }: { title: string; name: string }): JSX.Element {
  return <span className="text-sm font-medium">{title} <span className="num font-normal text-muted">{name}</span></span>;
}

/** What a field means, or what is wrong with it. */
export function Help({ id, problem, children }: { id: string; problem: string | undefined; children: ReactNode }): JSX.Element {
  return problem === undefined ? <p id={id} className="hint mt-1">{children}</p> : <p id={id} className="mt-1 text-sm text-bad">{problem}</p>;
}
