import { type FormEvent, type JSX, useId, useState } from 'react';
import { Button } from '../Button.tsx';
import { useKept } from '../useKept.ts';

/** A side's word about a contested milestone. */
export function EvidenceForm({ keep, onText }: { keep: string; onText: (text: string, clear: () => void) => void }): JSX.Element {
  const id = useId();
  const [text, setText] = useKept(keep);
  const [tried, setTried] = useState(false);
  const missing = tried && text.trim() === '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (text.trim() !== '') onText(text.trim(), () => setText(''));
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-3">
      <div>
        <label htmlFor={id} className="label">What speaks for your side</label>
        <textarea id={id} data-autofocus rows={5} maxLength={5_000} value={text} onChange={(event) => setText(event.target.value)} aria-invalid={missing} aria-describedby={`${id}-help`} className="field h-auto py-2" />
        <p id={`${id}-help`} className="mt-1 text-sm text-muted">{missing ? <span role="alert" className="text-bad">Write something.</span> : 'Public and permanent: leave personal data out.'}</p>
      </div>
      <div className="flex justify-end"><Button type="submit" look="primary">Continue</Button></div>
    </form>
  );
}
