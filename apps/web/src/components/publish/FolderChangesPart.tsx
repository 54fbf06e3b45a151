import type { FilesDiff } from '@neurodata/protocol';
import type { UseMutationResult } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import type { FolderChanges } from '../../queries/newVersion.ts';
import type { LookedFolder } from '../../workers/lookAtFolder.ts';
import { bytes, count, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';

/** More rows than anybody reads here. */
const MOST = 500;

type FolderChangesPartProps = { folder: LookedFolder; /** How many shares open the key of the version before. */ threshold: number; compare: UseMutationResult<FolderChanges, Error, LookedFolder> };

/** What a folder changes in the version before, by path, before anything is signed. */
export function FolderChangesPart({ folder, threshold, compare }: FolderChangesPartProps): JSX.Element {
  const { data, error, isPending, isIdle } = compare;
  const again = (): void => compare.mutate(folder);
  return (
    <Section title="What changes">
      {isIdle && (
        <div className="grid justify-items-start gap-3">
          <p className="max-w-[60ch] text-muted">Comparing takes the list of the version before, which is sealed. Your wallet signs {plural(threshold, 'request')}, one after the other, each to a validator that holds a share of its key; that costs nothing. Otherwise this is done when you publish.</p>
          <Button onClick={again}>Compare with the version before</Button>
        </div>
      )}
      {isPending && <Progress label="Opening the list of the version before" />}
      {error && <Failure error={error} safe="Nothing was published. Without the list every file is sealed and sent anew." retry={again} />}
      {data?.failed && (
        <div className="grid justify-items-start gap-3">
          <p>The list of version {data.failed.version} could not be opened, so every file is sealed and sent anew. <Said text={data.failed.why} /></p>
          <Button size="small" onClick={again}>Try again</Button>
        </div>
      )}
      {data && !data.failed && data.version === undefined && <p className="text-muted">No version before is a folder: every file is new.</p>}
      {data?.version !== undefined && <Changed changes={data} version={data.version} />}
    </Section>
  );
}

function Changed({ changes: { diff, sends }, version }: { changes: FolderChanges; version: number }): JSX.Element {
  const rows = rowsOf(diff);
  return (
    <div className="grid gap-4">
      <p role="status">{sumOf(diff, version)}</p>
      <p className="text-muted">{sends.files === 0 ? 'No file has to be sealed or sent: all keep their ciphertexts.' : `To be sealed and sent: ${plural(sends.files, 'file')}, ${bytes(sends.bytes)}. The rest keeps its ciphertexts.`}</p>
      {rows.length > 0 && (
        <div className="max-h-80 overflow-y-auto">
          <Table label="Changed files" head={['Path', 'What becomes of it']}>
            {rows.slice(0, MOST).map(({ path, what }) => <tr key={`${path} ${what}`} className="align-top"><td className="min-w-40 break-all">{path}</td><td>{what}</td></tr>)}
          </Table>
        </div>
      )}
      {rows.length > MOST && <p className="text-muted">And {count(rows.length - MOST)} more.</p>}
    </div>
  );
}

function sumOf({ added, changed, moved, removed, unchanged }: FilesDiff, version: number): string {
  const parts = [
    ...(added.length > 0 ? [t`${count(added.length)} new`] : []), ...(changed.length > 0 ? [t`${count(changed.length)} changed`] : []), ...(moved.length > 0 ? [t`${count(moved.length)} renamed`] : []),
    ...(removed.length > 0 ? [t`${count(removed.length)} removed`] : []), t`${count(unchanged.length)} as in version ${version}`,
  ];
  return parts.join(', ');
}

function rowsOf({ added, changed, moved, removed }: FilesDiff): { path: string; what: string }[] {
  return [
    ...added.map((path) => ({ path, what: t`new` })), ...changed.map((path) => ({ path, what: t`changed` })),
    ...moved.map(({ from, to }) => ({ path: to, what: t`renamed, was ${from}` })), ...removed.map((path) => ({ path, what: t`removed` })),
  ];
}
