import { useMutation } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { useEvidenceMutation } from '../../queries/disputes.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { useKept } from '../useKept.ts';

/** Why a juror voted so. Only after the reveal: before, it would tell the vote. */
export function Reason({ disputeId }: { disputeId: number }): JSX.Element {
  const id = useId();
  const [text, setText] = useKept(`juror-reason-${disputeId}`);
  const add = useMutation(useEvidenceMutation());
  const send = (): void => add.mutate({ disputeId, text: text.trim(), files: [] }, { onSuccess: () => setText('') });
  return (
    <form className="grid max-w-[72ch] gap-2" onSubmit={(event) => { event.preventDefault(); if (text.trim()) send(); }}>
      <div>
        <label htmlFor={id} className="label">Why you decided so (optional)</label>
        <textarea id={id} rows={3} maxLength={5000} value={text} onChange={(event) => setText(event.target.value)} className="field h-auto py-2" />
        <p className="hint mt-1">You sign one transaction: the text is stored publicly and for good, below as evidence. Leave personal data out.</p>
      </div>
      {add.isError && <Failure error={add.error} safe="Your vote stands whatever becomes of its reason." />}
      <div><Button type="submit" busy={add.isPending} disabled={text.trim() === ''}>Sign and add the reason</Button></div>
    </form>
  );
}
