import { type JSX, useState } from 'react';
import type { Hex } from 'viem';
import { Modal } from '../Modal.tsx';
import { DeliverForm } from './DeliverForm.tsx';
import { t } from '../../language/t.ts';

/** Whether a file or text that somebody got is what was delivered. */
export function CompareDelivery({ digest, number, onClose }: { digest: Hex; number: number; onClose: () => void }): JSX.Element {
  const [found, setFound] = useState<Hex>();
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={t`What was delivered for milestone ${number}`} description="Choose what you got: its digest is compared with the one on chain.">
      <DeliverForm keep={`compare-${digest}`} button={t`Compare`} onDigest={setFound} />
      {found && (found === digest.toLowerCase()
        ? <p role="status" className="mt-4 rounded-md bg-good-soft px-3 py-2">This is what the seller delivered. Checked by you.</p>
        : <p role="status" className="mt-4 rounded-md bg-warn-soft px-3 py-2 text-warn">This is something else than the seller delivered.</p>)}
    </Modal>
  );
}
