import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type JSX, useId, useState } from 'react';
import type { Hex } from 'viem';
import { t } from '../../language/t.ts';
import { digestOf } from '../../queries/deals.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { useKept } from '../useKept.ts';

type DeliverFormProps = { keep: string; button?: string; onDigest: (digest: Hex, clear: () => void) => void };

/** A file, or a text, whose digest is computed here; neither leaves the browser. */
export function DeliverForm({ keep, button = t`Continue`, onDigest }: DeliverFormProps): JSX.Element {
  const id = useId();
  const [text, setText] = useKept(keep);
  const [file, setFile] = useState<File>();
  const [tried, setTried] = useState(false);
  const digest = useMutation({ mutationFn: (content: Blob | string) => digestOf(content) });
  const both = file !== undefined && text.trim() !== '';
  const problem = both ? t`Choose one of them: a file, or a text.` : tried && !file && text.trim() === '' ? t`Choose a file, or write a text.` : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    const content = file ?? text.trim();
    if (!both && content !== '') digest.mutate(content, { onSuccess: (hex) => onDigest(hex, () => setText('')) });
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <div>
        <label htmlFor={`${id}-file`} className="label">A file</label>
        <input id={`${id}-file`} type="file" onChange={(event) => setFile(event.target.files?.[0])} aria-describedby={`${id}-help`} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />
      </div>
      <div>
        <label htmlFor={`${id}-text`} className="label">Or a text, such as a link</label>
        <textarea id={`${id}-text`} rows={2} value={text} onChange={(event) => setText(event.target.value)} aria-invalid={problem !== undefined} aria-describedby={`${id}-help`} className="field h-auto py-2" />
        <p id={`${id}-help`} className="mt-1 min-h-5 text-sm text-muted">{problem ? <span role="alert" className="text-bad">{problem}</span> : 'Its digest is computed here; the content stays in this browser.'}</p>
      </div>
      {digest.isError && <Failure error={digest.error} safe="Nothing was signed." />}
      <div className="flex justify-end"><Button type="submit" look="primary" busy={digest.isPending}>{button}</Button></div>
    </form>
  );
}
