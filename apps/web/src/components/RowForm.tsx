import type { ModelInfo } from '@neurodata/engine';
import { type JSX, useId, useState } from 'react';
import { Button } from './Button.tsx';

type RowFormProps = { features: ModelInfo['features']; busy: boolean; onRow: (cells: string[]) => void };

/** One row as a form: a number or a name for each column; what is left empty counts as missing. */
export function RowForm({ features, busy, onRow }: RowFormProps): JSX.Element {
  const [cells, setCells] = useState<Record<string, string>>({});
  const id = useId();
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); onRow(features.map(({ name }) => cells[name] ?? '')); }}>
      <div className="grid max-h-[50vh] gap-4 overflow-y-auto p-0.5 sm:grid-cols-2">
        {features.map(({ name, kind, categories = [] }, index) => (
          <div key={name} className="min-w-0">
            <label htmlFor={`${id}${index}`} className="label break-words">{name}</label>
            <input id={`${id}${index}`} inputMode={kind === 'numeric' ? 'decimal' : 'text'} autoComplete="off" placeholder={kind === 'numeric' ? 'a number' : categories.slice(0, 3).join(', ')} {...(kind === 'numeric' ? {} : { list: `${id}${index}-list` })} value={cells[name] ?? ''} onChange={(event) => setCells({ ...cells, [name]: event.target.value })} className={`field ${kind === 'numeric' ? 'num' : ''}`} />
            {kind === 'categorical' && <datalist id={`${id}${index}-list`}>{categories.map((category) => <option key={category} value={category} />)}</datalist>}
          </div>
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={busy}>Predict</Button>
        <span className="text-sm text-muted">What is left empty counts as missing.</span>
      </div>
    </form>
  );
}
