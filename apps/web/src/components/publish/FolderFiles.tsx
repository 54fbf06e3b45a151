import type { JSX } from 'react';
import type { LookedFolder } from '../../workers/lookAtFolder.ts';
import { bytes, count, plural } from '../Amounts.tsx';
import { Table } from '../Layout.tsx';
import type { Source } from './useSource.ts';

/** More rows than anybody reads here. */
const MOST = 500;

/** As the engine calls its formats, which a page does not load for their names. */
const tables = /^(text\/csv|application\/(json|x-ndjson|vnd\.apache\.(parquet|arrow\.(file|stream))))$/;

/** The files of a folder that is about to be published, and which one is its main table. */
export function FolderFiles({ source, folder }: { source: Source; folder: LookedFolder }): JSX.Element {
  const { main, profile, isPending, chooseMain } = source;
  const { name, files, hidden, first } = folder;
  const candidates = files.filter(({ format, size }) => tables.test(format) && size > 0);
  return (
    <div className="mt-4 grid gap-4">
      <p role="status"><span className="num break-all">{name}</span>: {plural(files.length, 'file')}, {bytes(files.reduce((sum, { size }) => sum + size, 0))}.{hidden > 0 && ` ${plural(hidden, 'hidden file')} left out.`}</p>
      {candidates.length > 0 && (
        <div>
          <label htmlFor="mainTable" className="label">Main table</label>
          <select id="mainTable" value={main ?? ''} aria-describedby="mainTable-help" onChange={(event) => chooseMain(event.target.value)} className="field">
            {main === undefined && <option value="">None reads as a table</option>}
            {candidates.map(({ path }) => <option key={path} value={path}>{path}</option>)}
          </select>
          <p id="mainTable-help" className="hint mt-1">
            {isPending && 'Reading the table…'}
            {!isPending && profile && `${count(profile.rows)} rows and ${plural(profile.columns.length, 'column')}: they are described, searched and trained on.`}
            {!isPending && main === undefined && first !== undefined && `${first} does not read as a table, so no rows are described.`}
          </p>
        </div>
      )}
      {candidates.length === 0 && <p className="hint">No file of it is a table, so no rows are described and no training runs can be offered.</p>}
      <details>
        <summary className="text-muted">All files</summary>
        <div className="mt-3 max-h-80 overflow-y-auto">
          <Table label="Files of the folder" head={['Path', 'Size', 'Format']} numeric={[1]}>
            {files.slice(0, MOST).map(({ path, size, format }) => (
              <tr key={path} className="align-top">
                <td className="min-w-40 break-all">{path}</td>
                <td className="num text-right whitespace-nowrap">{bytes(size)}</td>
                <td className="text-muted">{format.split('/').at(-1)}</td>
              </tr>
            ))}
          </Table>
          {files.length > MOST && <p className="mt-3 text-muted">And {count(files.length - MOST)} more.</p>}
        </div>
      </details>
    </div>
  );
}
