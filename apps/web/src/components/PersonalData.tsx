import { type ColumnProfile, findHazard } from '@neurodata/engine';
import { personalText } from '@neurodata/protocol';
import { CircleAlert } from 'lucide-react';
import type { JSX } from 'react';
import { count } from './Amounts.tsx';
import { Table } from './Layout.tsx';

type Columns = readonly Pick<ColumnProfile, 'name' | 'personal' | 'hazard'>[];

/** A table that is not the main one of its folder, and why validators refuse it. */
export type Harmful = { path: string; hazard: string };

/** Whether a table may go on to be sealed: nothing in it does harm, and what looks like data about people was looked at. */
export function mayGoOn({ columns, harmful }: { columns: Columns; harmful: readonly Harmful[] }, agreed: boolean): boolean {
  return findHazard(columns) === undefined && harmful.length === 0 && (agreed || columns.every(({ personal }) => personal === undefined));
}

/** What buyers would find in a table that its publisher may not know of. Found in this browser, and told to nobody. */
export function PersonalData({ columns, harmful, agreed, onAgree }: { columns: Columns; harmful: readonly Harmful[]; agreed: boolean; onAgree: (agreed: boolean) => void }): JSX.Element | null {
  const hazard = findHazard(columns);
  const found = columns.flatMap(({ name, personal = [] }) => personal.map((finding) => ({ name, ...finding })));
  if (hazard === undefined && harmful.length === 0 && found.length === 0) return null;
  return (
    <div role="alert" className="mt-4 border-t border-line pt-4">
      {hazard !== undefined && <p className="flex gap-2"><CircleAlert size={16} className="mt-0.5 shrink-0 text-bad" aria-hidden="true" />{hazard} Validators refuse such a table.</p>}
      {harmful.map((one) => <p key={one.path} className="flex gap-2"><CircleAlert size={16} className="mt-0.5 shrink-0 text-bad" aria-hidden="true" /><span><span className="num break-all">{one.path}</span>: {one.hazard} Validators refuse such a table.</span></p>)}
      {found.length > 0 && (
        <>
          <p className="font-medium text-warn">This looks like data about people</p>
          <p className="mb-3 text-sm text-muted">Everybody who buys the dataset gets it, and what was sold cannot be taken back. Nothing has left this browser.</p>
          <Table label="What looks like data about people" numeric={[2]} head={['Column', 'Looks like', 'Values', 'For example']}>
            {found.map(({ name, kind, values, example }) => <tr key={`${name} ${kind}`}><td className="num">{name}</td><td>{personalText(kind)}</td><td className="num text-right">{count(values)}</td><td className="num">{example}</td></tr>)}
          </Table>
          <label className="mt-3 flex items-start gap-3">
            <input type="checkbox" checked={agreed} onChange={(event) => onAgree(event.target.checked)} className="mt-0.5 size-4 accent-accent" />
            <span>I may sell these data, and want to publish them nevertheless.</span>
          </label>
        </>
      )}
    </div>
  );
}
