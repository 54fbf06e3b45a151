import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useLocation } from 'react-router';
import { versionChangesQuery } from '../../queries/versions.ts';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Table } from '../Layout.tsx';

/** What a version's manifest says otherwise than the one before; read when somebody opens it, and at once by whoever has just published it. */
export function VersionDiff({ assetId, version }: { assetId: number; version: number }): JSX.Element {
  const { state } = useLocation() as { state: { changed?: number } | null };
  const [opened, setOpened] = useState(state?.changed === version);
  const { data, error, refetch } = useQuery({ ...versionChangesQuery(assetId, version), enabled: opened });
  return (
    <details className="mt-5 border-t border-line pt-4" open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="text-muted">What changed since version {version - 1}</summary>
      <div className="mt-3">
        {error && !data && <Failure error={error} safe="Both versions are on the chain; only their texts could not be read." retry={() => void refetch()} />}
        {opened && !data && !error && <Skeleton className="h-24" />}
        {data?.length === 0 && <p className="text-muted">Their manifests say the same of text, rows and columns; the content itself is another.</p>}
        {data && data.length > 0 && (
          <Table label={`Changes since version ${version - 1}`} head={['What', 'Before', 'Now']}>
            {data.map(({ what, before, after }) => (
              <tr key={what} className="align-top">
                <td className="min-w-32 font-medium break-words">{what}</td>
                <td className="min-w-40 break-words text-muted">{before ?? 'not there'}</td>
                <td className="min-w-40 break-words">{after ?? 'gone'}</td>
              </tr>
            ))}
          </Table>
        )}
      </div>
    </details>
  );
}
