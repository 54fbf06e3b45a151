import { type JSX, useId, useState } from 'react';
import type { CollectionInput } from '../../queries/collections.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';

type CollectionFormProps = { initial?: CollectionInput; button: string; busy: boolean; error: Error | null; onDone: (input: CollectionInput) => void };

/** Title, description and who sees a collection. */
export function CollectionForm({ initial = { title: '', description: '', public: true }, button, busy, error, onDone }: CollectionFormProps): JSX.Element {
  const id = useId();
  const [input, setInput] = useState(initial);
  return (
    <form className="grid max-w-[72ch] gap-4" onSubmit={(event) => { event.preventDefault(); if (input.title.trim()) onDone(input); }}>
      <div><label htmlFor={`${id}-title`} className="label">Title</label><input id={`${id}-title`} required maxLength={120} className="field" value={input.title} onChange={(event) => setInput({ ...input, title: event.target.value })} /></div>
      <div><label htmlFor={`${id}-text`} className="label">What it is about (optional)</label><textarea id={`${id}-text`} rows={3} maxLength={2_000} className="field h-auto py-2" value={input.description} onChange={(event) => setInput({ ...input, description: event.target.value })} /></div>
      <label className="flex items-center gap-2"><input type="checkbox" className="size-4 accent-accent" checked={input.public} onChange={(event) => setInput({ ...input, public: event.target.checked })} /> Everybody who has the link can see it, and it stands in the list</label>
      {error && <Failure error={error} />}
      <div><Button type="submit" look="primary" busy={busy} disabled={input.title.trim() === ''}>{button}</Button></div>
    </form>
  );
}
