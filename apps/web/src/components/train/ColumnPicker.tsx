import type { ManifestColumn } from '@neurodata/protocol';
import type { JSX } from 'react';
import { count } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { columnWords } from '../words.ts';
import { type Draft, hasTarget, isUsable, targetsOf, withTarget } from './draft.ts';

type ColumnPickerProps = { columns: ManifestColumn[]; draft: Draft; onChange: (draft: Draft) => void };

/** The target, and the columns to learn from. */
export function ColumnPicker({ columns, draft, onChange }: ColumnPickerProps): JSX.Element {
  const features = columns.filter(({ name }) => name !== draft.target && name !== draft.weight);
  const choose = (names: string[]): void => onChange({ ...draft, features: names });
  return (
    <div className="grid gap-5">
      {hasTarget(draft.task) && <div>
        <label htmlFor="target" className="label">Target</label>
        <select id="target" value={draft.target} onChange={(event) => onChange(withTarget(draft, event.target.value, columns))} className="field sm:w-80">
          {targetsOf(columns, draft.task).map(({ name, distinct }) => <option key={name} value={name}>{name} ({count(distinct)} {draft.task === 'regression' ? 'values' : 'classes'})</option>)}
        </select>
        <p className="hint mt-1">What the model learns to predict. Rows without a target are left out.</p>
      </div>}
      <fieldset>
        <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
          <legend className="contents"><span className="text-sm font-medium">Features</span></legend>
          <span className="flex gap-1">
            <Button size="small" look="quiet" onClick={() => choose(features.filter(isUsable).map(({ name }) => name))}>All usable</Button>
            <Button size="small" look="quiet" onClick={() => choose([])}>None</Button>
          </span>
        </div>
        <ul className="grid gap-1 sm:grid-cols-2">
          {features.map((column) => (
            <li key={column.name}>
              <label className="flex items-start gap-3 rounded-md border border-line px-3 py-2 hover:border-line-strong has-checked:border-accent/60 has-checked:bg-accent-soft/50">
                <input type="checkbox" checked={draft.features.includes(column.name)} onChange={(event) => choose(event.target.checked ? [...draft.features, column.name] : draft.features.filter((name) => name !== column.name))} className="mt-1 size-4 shrink-0 accent-accent" />
                <span className="min-w-0"><span className="block break-words">{column.name}</span><span className="block text-sm text-muted">{columnWords[column.kind]}, {count(column.distinct)} values{column.missing > 0 && `, ${count(column.missing)} missing`}</span></span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
    </div>
  );
}
