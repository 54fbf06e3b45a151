import { isOpenLicense } from '@neurodata/protocol';
import type { JSX } from 'react';
import type { PublishDraft } from '../publishDraft.ts';

/** Whether what is published will be open: switched on, and under a licence that allows it. */
export const isOpen = ({ open, license }: Pick<PublishDraft, 'open' | 'license'>): boolean => open && isOpenLicense(license.trim());

/** Tells the key to everybody; only open licences can be open, since nobody could take it back. */
export function OpenSwitch({ draft, onChange }: { draft: PublishDraft; onChange: (draft: PublishDraft) => void }): JSX.Element {
  const allowed = isOpenLicense(draft.license.trim());
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" checked={isOpen(draft)} disabled={!allowed} onChange={(event) => onChange({ ...draft, open: event.target.checked })} className="mt-0.5 size-4 accent-accent" />
      <span><span className="block font-medium">Open to everybody</span><span className="hint">{allowed ? 'The key becomes public with the description: every node gives the rows to whoever asks, free and for ever. No later version takes that back.' : 'Only under an open licence, like CC0-1.0 or CC-BY-4.0.'}</span></span>
    </label>
  );
}
