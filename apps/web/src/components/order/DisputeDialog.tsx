import type { OrderDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { configQuery } from '../../queries/chain.ts';
import { useDisputeMutation } from '../../queries/mutations.ts';
import { Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** The buyer says that the content is not what was committed to. */
export function DisputeDialog({ order, onClose }: { order: OrderDto; onClose: () => void }): JSX.Element {
  const [evidence, setEvidence] = useState('');
  const { data: config } = useQuery(configQuery());
  const dispute = useMutation(useDisputeMutation());
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title="Open a dispute" description="A committee of validators unseals the file and compares it with what its publisher committed to.">
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); dispute.mutate({ orderId: order.orderId, evidence }, { onSuccess: onClose }); }}>
        <div>
          <label htmlFor="evidence" className="label">What is wrong</label>
          <textarea id="evidence" required rows={4} maxLength={5000} value={evidence} onChange={(event) => setEvidence(event.target.value)} className="field h-auto py-2" />
          <p className="hint mt-1">Public and permanent: leave personal data out.</p>
        </div>
        <p>You put up a bond of {config && <Money amount={config.roundFee} />}. It comes back if the dispute is upheld.</p>
        {dispute.isError && <Failure error={dispute.error} safe="The price stays in escrow." />}
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Cancel</Button><Button type="submit" look="danger" busy={dispute.isPending}>Open dispute</Button></div>
      </form>
    </Modal>
  );
}
