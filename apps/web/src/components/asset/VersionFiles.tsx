import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { versionFilesQuery } from '../../queries/versionFiles.ts';
import { bytes } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Table } from '../Layout.tsx';

/** More rows than anybody reads here; the command line lists them all. */
const MOST = 200;

/** The files of a version by path, with what everybody can fetch of each; read when somebody opens it. */
export function VersionFiles({ assetId, version }: { assetId: number; version: number }): JSX.Element {
  const [opened, setOpened] = useState(false);
  const { data, error, refetch } = useQuery({ ...versionFilesQuery(assetId, version), enabled: opened });
  return (
    <details className="mt-5 border-t border-line pt-4" onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="text-muted">Files of version {version}</summary>
      <div className="mt-3">
        {error && !data && <Failure error={error} safe="The version is on the chain; only its list of files could not be read." retry={() => void refetch()} />}
        {opened && !data && !error && <Skeleton className="h-24" />}
        {data && (
          <Table label={`Files of version ${version}`} head={['Path', 'Size', 'Ciphertext']} numeric={[1]}>
            {data.slice(0, MOST).map(({ path, size, cid, isMain }) => (
              <tr key={path} className="align-top">
                <td className="min-w-40 break-all">{path}{isMain && <span className="text-muted"> (main table)</span>}</td>
                <td className="num text-right whitespace-nowrap">{bytes(size)}</td>
                <td><Hash value={cid} label={`CID of ${path}`} keep={6} /></td>
              </tr>
            ))}
          </Table>
        )}
        {data && data.length > MOST && <p className="mt-3 text-muted">And {data.length - MOST} more: <code>neurodata datasets files {assetId} --revision v{version}</code> lists them all.</p>}
      </div>
    </details>
  );
}
