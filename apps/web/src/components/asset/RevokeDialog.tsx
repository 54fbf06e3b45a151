import type { AssetDto } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { t } from '../../language/t.ts';
import { useRevokeMutation } from '../../queries/mutations.ts';
import { SignDialog } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';

const GAS = 260_000;
/** What those who are told of it are shown. */
const MAX_REASON = 500;

/** Its owner ends the sale of a version for good, and says why. */
export function RevokeDialog({ asset, version, onClose }: { asset: AssetDto; version: number; onClose: () => void }): JSX.Element {
  const id = useId();
  const [reason, setReason] = useKept(`revoke-${asset.assetId}-${version}`);
  const revoke = useMutation(useRevokeMutation());
  const said = reason.trim();
  const others = asset.versions.filter((one) => one.status === 'live' && one.version !== version).map((one) => one.version);
  return (
    <SignDialog
      onClose={onClose} onDone={() => setReason('')} ready={said !== ''}
      ask={{
        title: t`Revoke version ${version}`, text: t`“${asset.title}”: nobody can order it, run on it or ask for its key by subscription from then on. Nobody can undo that, you neither.`, gas: GAS, button: t`Sign and revoke`, danger: true,
        lines: [[t`On sale then`, others.length === 0 ? t`no version, until another is live` : t`version ${Math.max(...others)}`]],
        act: () => revoke.mutateAsync({ assetId: asset.assetId, version, reason: said }),
      }}
    >
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        <li>Who has bought it keeps it: orders, runs and disputes that were opened go on, with their money.</li>
        <li>Told with your reason are its buyers and the owners of what was made from it, where they signed in with that wallet; the pages of their orders say so to all of them.</li>
        <li>The ciphertext stays public. What you hold in reserve for it comes back 120 days later.</li>
      </ul>
      <div>
        <label htmlFor={id} className="label">Reason</label>
        <textarea id={id} data-autofocus rows={3} maxLength={MAX_REASON} required value={reason} onChange={(event) => setReason(event.target.value)} aria-describedby={`${id}-hint`} className="field h-auto py-2" />
        <p id={`${id}-hint`} className="hint mt-1">Public and permanent, under your address. Leave personal data out.</p>
      </div>
    </SignDialog>
  );
}
