import type { AssetDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useNavigate } from 'react-router';
import { suspensionAppealQuery } from '../../queries/curation.ts';
import { useAppealMutation } from '../../queries/mutations.ts';
import { Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** The owner of a suspended asset asks a jury, says why, and pays for it. */
export function AppealDialog({ asset, onClose }: { asset: AssetDto; onClose: () => void }): JSX.Element {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const { data: appeal, error } = useQuery(suspensionAppealQuery());
  const submit = useMutation(useAppealMutation());
  const send = (): void => submit.mutate({ assetId: asset.assetId, text: text.trim() }, { onSuccess: ({ disputeId }) => (disputeId === undefined ? onClose() : void navigate(`/disputes/${disputeId}`)) });
  return (
    <Modal open onOpenChange={(open) => !open && !submit.isPending && onClose()} title="Appeal the suspension" description={asset.title}>
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); send(); }}>
        <div>
          <label htmlFor="appeal-text" className="label">Why it should be reinstated</label>
          <textarea id="appeal-text" required data-autofocus rows={4} maxLength={5000} value={text} onChange={(event) => setText(event.target.value)} className="field h-auto py-2" />
          <p className="hint mt-1">Public and permanent: jurors read it. Leave personal data out.</p>
        </div>
        {!appeal && !error && <Skeleton className="h-16" />}
        {error && <Failure error={error} safe="Nothing was sent." />}
        {appeal?.jury && (
          <ul className="grid list-disc gap-1 pl-5">
            <li>You pay the jurors <Money amount={appeal.cost} strong />, whatever they decide.</li>
            <li>If they are for you, the asset is live again{asset.curation.bond > 0n && <> and your bond of <Money amount={asset.curation.bond} /> is yours</>}.</li>
            <li>If they are not, it stays suspended{asset.curation.bond > 0n && ' and anybody may have the bond burnt'}.</li>
          </ul>
        )}
        {appeal && !appeal.jury && <p className="rounded-md bg-warn-soft px-3 py-2 text-warn">There are too few jurors now. You would pay nothing{asset.curation.bond > 0n && ', your bond comes back'}, the suspension stands, and you can appeal again later.</p>}
        {submit.isError && <Failure error={submit.error} safe="If no transaction was made, nothing was paid." />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose} disabled={submit.isPending}>Not now</Button>
          <Button type="submit" look="primary" busy={submit.isPending} disabled={!appeal || text.trim() === ''}>{appeal?.jury === false ? 'Appeal' : 'Sign and appeal'}</Button>
        </div>
      </form>
    </Modal>
  );
}
