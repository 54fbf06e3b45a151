import { LEAST_ROWS, MOST_DIGITS } from '@neurodata/protocol';
import type { ChangeEvent, JSX } from 'react';
import type { PublishDraft } from '../publishDraft.ts';

type Name = 'statisticsDigits' | 'leastRows' | 'topValues';

/** How much of the columns' values becomes public. */
export function StatisticsFields({ draft, problem, onChange }: { draft: PublishDraft; /** With the columns that are named. */ problem: string | undefined; onChange: (draft: PublishDraft) => void }): JSX.Element {
  const text = (name: Name) => ({ id: name, value: draft[name], onChange: (event: ChangeEvent<HTMLInputElement>) => onChange({ ...draft, [name]: event.target.value }) });
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <div><label htmlFor="statisticsDigits" className="label">Digits</label><input {...text('statisticsDigits')} type="number" required min={1} max={MOST_DIGITS} step={1} className="field num" /><p className="hint mt-1">2 is no finer than a hundredth of a column’s spread</p></div>
      <div><label htmlFor="leastRows" className="label">Fewest rows of a bucket</label><input {...text('leastRows')} type="number" required min={LEAST_ROWS} step={1} className="field num" /><p className="hint mt-1">Of histograms, and of values that are told</p></div>
      <div><label htmlFor="topValues" className="label">Columns with commonest values</label><input {...text('topValues')} aria-invalid={problem !== undefined || undefined} aria-describedby="topValues-help" className="field aria-invalid:border-bad" />{problem === undefined ? <p id="topValues-help" className="hint mt-1">Of texts, separated by commas. Empty: none</p> : <p id="topValues-help" className="mt-1 text-sm break-words text-bad">{problem}</p>}</div>
    </div>
  );
}
