import { type JSX, useId, useState } from 'react';
import { t } from '../../language/t.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

type ReasonDialogProps = { title: string; description?: string; button: string; danger?: boolean; busy: boolean; error: unknown; most?: number; label?: string; onDone: (reason: string) => void; onClose: () => void };

/** Asks for a reason in words, and then does it. */
export function ReasonDialog({ title, description, button, danger = false, busy, error, most = 250, label = t`Reason`, onDone, onClose }: ReasonDialogProps): JSX.Element {
  const [reason, setReason] = useState('');
  const id = useId();
  return (
    <Modal open onOpenChange={onClose} title={title} {...(description ? { description } : {})}>
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); onDone(reason); }}>
        <div>
          <label htmlFor={id} className="label">{label}</label>
          <textarea id={id} data-autofocus className="field h-24" required minLength={3} maxLength={most} value={reason} onChange={(event) => setReason(event.target.value)} />
        </div>
        {error !== null && error !== undefined && <Failure error={error} />}
        <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy}>{button}</Button>
      </form>
    </Modal>
  );
}
