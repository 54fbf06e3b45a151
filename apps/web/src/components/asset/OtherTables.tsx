import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { folderTablesQuery } from '../../queries/versionFiles.ts';
import { count, plural } from '../Amounts.tsx';
import { Section } from '../Layout.tsx';
import { useSeen } from '../useSeen.ts';
import { ColumnsTable, FiguresTable, ValuesTable, hasFigures, hasValues } from './ColumnTables.tsx';

/** The other tables of a folder, as far as its manifest tells of them; nothing of a single file. Read once it is in view: reading it takes the chain's code. */
export function OtherTables({ assetId, version }: { assetId: number; version: number }): JSX.Element {
  const [place, seen] = useSeen<HTMLDivElement>();
  const { data: tables = [] } = useQuery({ ...folderTablesQuery(assetId, version), enabled: seen });
  return (
    <div ref={place}>
      {tables.length > 0 && (
        <Section title="Other tables of the folder">
          <ul className="grid gap-3">
            {tables.map(({ path, rows, columns }) => (
              <li key={path}>
                <details>
                  <summary><span className="break-all">{path}</span> <span className="text-muted">{count(rows)} rows, {plural(columns.length, 'column')}</span></summary>
                  <div className="mt-3 grid gap-4">
                    <ColumnsTable columns={columns} rows={rows} />
                    {hasFigures(columns) && <FiguresTable columns={columns} />}
                    {hasValues(columns) && <ValuesTable columns={columns} />}
                  </div>
                </details>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}
