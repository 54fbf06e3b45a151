import type { ParentDto, VersionDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { revocationQuery } from '../../queries/versions.ts';

/** Why a version's owner revoked it, in the owner's words. */
export function RevocationReason({ assetId, version }: Pick<VersionDto, 'assetId' | 'version'>): JSX.Element | null {
  const { data } = useQuery(revocationQuery(assetId, version));
  if (!data?.reason) return null;
  return <p className="mt-3 text-muted">Why it was revoked, says its owner: “{data.reason}”</p>;
}

/** Of something that was made from a version which is not sold any more. */
export function WithdrawnParent({ parent: { assetId, title, version, withdrawn } }: { parent: ParentDto }): JSX.Element {
  return (
    <div role="note" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
      <p>{withdrawn === 'revoked' ? 'Its owner revoked' : 'Validators found wrong'} version {version} of “{title}”, which this was made from.</p>
      {withdrawn === 'revoked' && <RevocationReason assetId={assetId} version={version} />}
    </div>
  );
}
