import type { JSX } from 'react';
import { type Draft, fits, numberFields } from './draft.ts';

/** The numbers of a run, each with one line of help. */
export function ParameterFields({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }): JSX.Element {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      {numberFields.map((field) => {
        const { name, label, help } = field;
        const wrong = !fits(field, draft.numbers[name]);
        return <div key={name}>
          <label htmlFor={name} className="label">{label}</label>
          <input id={name} inputMode="decimal" aria-invalid={wrong || undefined} autoComplete="off" value={draft.numbers[name]} aria-describedby={`${name}-help`} onChange={(event) => onChange({ ...draft, numbers: { ...draft.numbers, [name]: event.target.value } })} className="field num aria-invalid:border-bad" />
          <p id={`${name}-help`} className="hint mt-1">{help}</p>
        </div>;
      })}
    </div>
  );
}
