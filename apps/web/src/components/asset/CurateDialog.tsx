import type { AssetDto } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { type Judgement, useCurateMutation } from '../../queries/mutations.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';
import { judgementWords } from './judgementWords.ts';

/** What the contract stores, in bytes of UTF-8. */
const MAX_REASON = 256;

/** A curator says what holds of an asset, and why. */
export function CurateDialog({ asset, judgement, onClose }: { asset: AssetDto; judgement: Judgement; onClose: () => void }): JSX.Element {
  const [reason, setReason] = useState('');
  const curate = useMutation(useCurateMutation());
  const { button, title, means } = judgementWords[judgement];
  const tooLong = new TextEncoder().encode(reason).length > MAX_REASON;
  return (
    <Modal open onOpenChange={(open) => !open && !curate.isPending && onClose()} title={title} description={asset.title}>
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); curate.mutate({ judgement, assetId: asset.assetId, reason: reason.trim() }, { onSuccess: onClose }); }}>
        <p>{means}</p>
        <div>
          <label htmlFor="curation-reason" className="label">Reason</label>
          <textarea id="curation-reason" required data-autofocus rows={3} maxLength={MAX_REASON} value={reason} onChange={(event) => setReason(event.target.value)} className="field h-auto py-2" />
          <p className={`hint mt-1 ${tooLong ? 'text-bad' : ''}`}>{tooLong ? 'Too long for the chain: use fewer words.' : 'Public and permanent; it stands on the asset’s page under your address.'}</p>
        </div>
        {curate.isError && <Failure error={curate.error} safe="Nothing has changed." />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose} disabled={curate.isPending}>Cancel</Button>
          <Button type="submit" look={judgement === 'suspend' ? 'danger' : 'primary'} busy={curate.isPending} disabled={reason.trim() === '' || tooLong}>{button}</Button>
        </div>
      </form>
    </Modal>
  );
}
