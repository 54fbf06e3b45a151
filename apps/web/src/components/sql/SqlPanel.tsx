import { type JSX, type KeyboardEvent, useRef, useState } from 'react';
import { Said } from '../../language/Said.tsx';
import { fixed } from '../../language/format.ts';
import { type Sql, useSql } from '../../queries/sql.ts';
import { count, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { SqlResult } from './SqlResult.tsx';
import { identifier } from './identifier.ts';

const FIRST = 'SELECT *\nFROM data\nLIMIT 100';

/** Asks an unsealed table in SQL, in this browser: its columns, the question, the answer. */
export function SqlPanel({ file, fileName }: { file: Blob; fileName: string }): JSX.Element {
  const sql = useSql(file);
  if (sql.failure) return <Failure error={sql.failure} safe="The file that you saved is whole; only this table view cannot read it." />;
  if (!sql.table) return <Progress label="Reading the table" />;
  return <Questions sql={sql} table={sql.table} fileName={fileName} />;
}

function Questions({ sql, table, fileName }: { sql: Sql; table: NonNullable<Sql['table']>; fileName: string }): JSX.Element {
  const { ask, cancel } = sql;
  const [text, setText] = useState(FIRST);
  const field = useRef<HTMLTextAreaElement>(null);
  const run = (): void => { if (!ask.isPending) ask.mutate(text); };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };
  const insert = (name: string): void => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = field.current ?? {};
    setText(text.slice(0, from) + identifier(name) + text.slice(to));
    field.current?.focus();
  };
  return (
    <div className="grid gap-4">
      <p className="text-muted">{count(table.rows)} rows, in a table called <code>data</code> (or <code>rows</code>). DuckDB answers in this browser; nothing of the file leaves it.</p>
      <ul aria-label="Columns" className="flex max-h-40 flex-wrap gap-1.5 overflow-auto">
        {table.columns.map(({ name, type }) => <li key={name}><button type="button" title={`${type}. Click to put it into the query`} onClick={() => insert(name)} className="max-w-64 truncate rounded-sm border border-line px-1.5 py-0.5 text-sm hover:border-line-strong"><span className="num">{name}</span> <span className="text-muted">{type.toLowerCase()}</span></button></li>)}
      </ul>
      <div>
        <label htmlFor="sql" className="label">Query</label>
        <textarea ref={field} id="sql" value={text} onChange={(event) => setText(event.target.value)} onKeyDown={onKey} rows={5} spellCheck={false} autoCapitalize="off" autoComplete="off" aria-describedby="sql-help" className="field num h-auto py-2" />
        <p id="sql-help" className="hint mt-1">One SELECT. Ctrl+Enter runs it.</p>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" busy={ask.isPending} onClick={run}>Run</Button>
        {ask.isPending && <Button onClick={cancel}>Cancel</Button>}
        <p role="status" className="text-muted">{ask.isPending ? 'Running…' : ask.data && `${plural(ask.data.rows, 'row')} in ${timeOf(ask.data.seconds)}`}</p>
      </div>
      {ask.isError && <pre role="alert" className="max-h-48 overflow-auto rounded-lg border border-bad/40 bg-bad-soft p-3 text-sm whitespace-pre-wrap"><Said text={ask.error.message} /></pre>}
      {ask.data && <SqlResult key={ask.submittedAt} answer={ask.data} sql={sql} fileName={fileName} />}
    </div>
  );
}

const timeOf = (seconds: number): string => (seconds < 1 ? `${count(Math.max(1, Math.round(seconds * 1_000)))} ms` : `${fixed(seconds, 1)} s`);
