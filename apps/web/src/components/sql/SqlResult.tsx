import { type JSX, useState } from 'react';
import { Said } from '../../language/Said.tsx';
import type { Sql } from '../../queries/sql.ts';
import type { SqlAnswer } from '../../workers/sql.ts';
import { count } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Table } from '../Layout.tsx';
import { saveFile } from '../saveFile.ts';

/** Rows at a time. */
const PAGE = 100;

/** An answer's rows, a page at a time, and as a file. */
export function SqlResult({ answer, sql: { page, csv }, fileName }: { answer: SqlAnswer; sql: Sql; fileName: string }): JSX.Element {
  const [offset, setOffset] = useState(0);
  const cells = offset === 0 ? answer.page : (page.data ?? []);
  const show = (next: number): void => {
    if (next === 0) setOffset(0);
    else page.mutate(next, { onSuccess: () => setOffset(next) });
  };
  const save = (): void => csv.mutate(undefined, { onSuccess: (bytes) => saveFile({ bytes, fileName: `${fileName.replace(/\.\w{1,8}$/, '')}.answer.csv`, mediaType: 'text/csv' }) });
  const numeric = answer.columns.flatMap(({ type }, index) => (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL)/.test(type) ? [index] : []));
  return (
    <div className="grid gap-3">
      <Table label="Answer" head={answer.columns.map(({ name }, index) => <span key={index} className="block max-w-64 truncate" title={name}>{name}</span>)} numeric={numeric}>
        {cells.map((row, at) => (
          <tr key={offset + at}>
            {row.map((cell, index) => <td key={index} className={`max-w-80 truncate ${numeric.includes(index) ? 'num text-right' : ''}`} title={cell ?? ''}>{cell ?? <span className="text-muted">none</span>}</td>)}
          </tr>
        ))}
      </Table>
      <div className="flex flex-wrap items-center justify-between gap-3">
        {answer.rows > PAGE ? (
          <div className="flex items-center gap-2">
            <Button size="small" disabled={offset === 0 || page.isPending} onClick={() => show(offset - PAGE)}>Earlier rows</Button>
            <Button size="small" disabled={offset + PAGE >= answer.rows || page.isPending} onClick={() => show(offset + PAGE)}>Later rows</Button>
            <span className="num text-sm text-muted">{count(offset + 1)} to {count(Math.min(offset + PAGE, answer.rows))} of {count(answer.rows)}</span>
          </div>
        ) : <span />}
        <Button size="small" busy={csv.isPending} onClick={save}>Save as CSV</Button>
      </div>
      {(page.error ?? csv.error) && <p role="alert" className="text-bad"><Said text={(page.error ?? csv.error)?.message ?? ''} /></p>}
    </div>
  );
}
