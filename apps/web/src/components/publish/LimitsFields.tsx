import { nonCommercialUses, uses } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';
import { Button } from '../Button.tsx';
import type { PublishDraft } from '../publishDraft.ts';
import { useTexts } from '../words.ts';
import { isOpen } from './OpenSwitch.tsx';

type LimitsProps = { draft: PublishDraft; problem: string | undefined; onChange: (draft: PublishDraft) => void };

/** What it may be used for, and what may become of what is made of it: programs enforce it, besides the licence. */
export function LimitsFields({ draft, problem, onChange }: LimitsProps): JSX.Element {
  const { limited, purposes, derivatives, sharing } = draft;
  if (isOpen(draft)) return <p className="hint">What everybody may read has no limits besides its licence.</p>;
  return (
    <fieldset className="grid gap-4">
      <legend className="sr-only">Limits besides the licence</legend>
      <Switch checked={limited} onChange={(checked) => onChange({ ...draft, limited: checked })} title="Only for certain purposes">Each buyer signs what it is for before anything is paid, and validators give out the key for nothing else. What is done with it afterwards nobody can see: the signature is evidence.</Switch>
      {limited && (
        <div id="purposes" tabIndex={-1} role="group" aria-label="Purposes that are admitted" aria-describedby="purposes-problem" className="grid gap-3 rounded-md border border-line px-4 py-3">
          <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
            {uses.map((use) => (
              <label key={use} className="flex items-start gap-3">
                <input type="checkbox" checked={purposes.includes(use)} onChange={(event) => onChange({ ...draft, purposes: uses.filter((one) => (one === use ? event.target.checked : purposes.includes(one))) })} className="mt-0.5 size-4 shrink-0 accent-accent" />
                <span className="min-w-0">{useTexts[use]}</span>
              </label>
            ))}
          </div>
          <div><Button size="small" onClick={() => onChange({ ...draft, purposes: [...nonCommercialUses] })}>All without commercial aim</Button></div>
        </div>
      )}
      <p id="purposes-problem" aria-live="polite" className="text-sm text-bad empty:hidden">{problem}</p>
      <Switch checked={!derivatives} onChange={(checked) => onChange({ ...draft, derivatives: !checked })} title="Nothing may be made of it">No training runs, no models: it can be read only.</Switch>
      {derivatives && <Switch checked={!sharing} onChange={(checked) => onChange({ ...draft, sharing: !checked })} title="What is made of it may not be passed on">Buyers promise to keep it, and a model that was trained on it cannot be published.</Switch>}
    </fieldset>
  );
}

function Switch({ checked, title, onChange, children }: { checked: boolean; title: string; onChange: (checked: boolean) => void; children: ReactNode }): JSX.Element {
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span><span className="block font-medium">{title}</span><span className="hint">{children}</span></span>
    </label>
  );
}
