import { type Admission, type Parameter, findAlgorithm } from '@neurodata/engine';
import type { JSX, ReactNode } from 'react';
import { tFrom } from '../../language/tFrom.ts';
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
        <span><Name title={title} name={name} /><span className="hint block">{tFrom(help)}</span></span>
      </label>
    );
  }
  const chosen = parameter.kind === 'choice' ? parameter.options.find(({ value }) => value === text) : undefined;
  return (
    <div>
      <label htmlFor={id} className="label"><Name title={title} name={name} /></label>
      <ParameterInput parameter={parameter} id={id} text={text} wrong={problem !== undefined} onText={onText} />
      <Help id={`${id}-help`} problem={problem}>{tFrom(help)}{chosen && chosen.help !== '' && <> <b className="font-medium text-text">{chosen.value}</b>: {tFrom(chosen.help)}</>}</Help>
    </div>
  );
}

type InputProps = { parameter: Exclude<Parameter, { kind: 'boolean' }>; id: string; text: string; wrong: boolean; onText: (text: string) => void };

function ParameterInput({ parameter, id, text, wrong, onText }: InputProps): JSX.Element {
  const common = { id, value: text, 'aria-describedby': `${id}-help`, 'aria-invalid': wrong || undefined, onChange: (event: { target: { value: string } }) => onText(event.target.value) };
  switch (parameter.kind) {
    case 'choice': return <select {...common} className="field">{parameter.options.map(({ value }) => <option key={value} value={value}>{value}</option>)}</select>;
    case 'text': return <textarea {...common} rows={2} spellCheck={false} maxLength={parameter.longest} className="field num h-auto py-2 aria-invalid:border-bad" />;
    case 'bytes': return <input id={id} type="file" aria-describedby={`${id}-help`} onChange={(event) => void readBase64(event.target.files?.[0]).then(onText)} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />;
    default: return <input {...common} inputMode={parameter.kind === 'integers' ? 'text' : 'decimal'} autoComplete="off" placeholder={parameter.kind === 'integers' ? '' : parameter.orNull && tFrom(parameter.orNull)} className="field num aria-invalid:border-bad" />;
  }
}

/** A file as the spec holds it; nothing where none was chosen. */
async function readBase64(file: File | undefined): Promise<string> {
  if (file === undefined) return '';
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}

function Name({ title, name }: { title: string; name: string }): JSX.Element {
  return <span className="text-sm font-medium">{tFrom(title)} <span className="num font-normal text-muted">{name}</span></span>;
}

/** What a field means, or what is wrong with it. */
export function Help({ id, problem, children }: { id: string; problem: string | undefined; children: ReactNode }): JSX.Element {
  return problem === undefined ? <p id={id} className="hint mt-1">{children}</p> : <p id={id} className="mt-1 text-sm text-bad">{problem}</p>;
}
