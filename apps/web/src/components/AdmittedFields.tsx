import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Said } from '../language/Said.tsx';
import { algorithmsQuery } from '../queries/algorithms.ts';
import { Skeleton } from './Feedback.tsx';

/** What the publisher says of algorithms, where it is not what is usual: names, and whether they are admitted. */
export type Admits = Record<string, boolean>;

type AdmittedFieldsProps = { admits: Admits; smallestLeaf: string; onChange: (change: { admits: Admits } | { smallestLeaf: string }) => void };

/** Which algorithms training runs may use, and how small a tree's leaf may be. */
export function AdmittedFields({ admits, smallestLeaf, onChange }: AdmittedFieldsProps): JSX.Element {
  const { data: algorithms } = useQuery(algorithmsQuery());
  const chosen = algorithms?.filter(({ name, copiesRows }) => admits[name] ?? !copiesRows);
  return (
    <details className="rounded-md border border-line px-4 py-3">
      <summary className="text-sm font-medium">What may be trained <span className="font-normal text-muted">{chosen ? `${chosen.length} of ${algorithms?.length ?? 0} algorithms` : ''}</span></summary>
      <div className="mt-4 grid gap-5">
        {!algorithms && <Skeleton className="h-32" />}
        <fieldset className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
          <legend className="sr-only">Algorithms that training runs may use</legend>
          {algorithms?.map(({ name, title, copiesRows }) => (
            <label key={name} className="flex items-start gap-3">
              <input type="checkbox" checked={admits[name] ?? !copiesRows} onChange={(event) => onChange({ admits: { ...admits, [name]: event.target.checked } })} className="mt-0.5 size-4 shrink-0 accent-accent" />
              <span className="min-w-0"><span className="block"><Said text={title} /></span>{copiesRows && <span className="block text-sm text-warn">Its models can hold rows of your data: whoever has one can read them.</span>}</span>
            </label>
          ))}
        </fieldset>
        <div className="sm:w-80">
          <label htmlFor="smallestLeaf" className="label">Smallest leaf of a tree, rows</label>
          <input id="smallestLeaf" type="number" required min={1} max={1_000_000} step={1} value={smallestLeaf} onChange={(event) => onChange({ smallestLeaf: event.target.value })} className="field num" />
          <p className="hint mt-1">A leaf of few rows tells what stood in them.</p>
        </div>
      </div>
    </details>
  );
}
