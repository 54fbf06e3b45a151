import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type SqlAnswer, type SqlCells, type SqlSession, type SqlTable, openSql } from '../workers/sql.ts';

export type Sql = {
  /** Undefined while it is read. */
  table: SqlTable | undefined;
  /** Why the table cannot be asked. */
  failure: Error | undefined;
  ask: UseMutationResult<SqlAnswer, Error, string>;
  /** Rows of the last answer from an offset on. */
  page: UseMutationResult<SqlCells, Error, number>;
  csv: UseMutationResult<Uint8Array<ArrayBuffer>, Error, void>;
  /** Ends what runs; the table is read anew. */
  cancel: () => void;
};

type Read = { table?: SqlTable; failure?: Error };

/** Questions about a table, answered in a worker that ends with the component. */
export function useSql(file: Blob): Sql {
  const session = useRef<SqlSession>(undefined);
  const [read, setRead] = useState<Read>({});
  useEffect(() => {
    const held = session;
    void open(held, file, setRead);
    return () => held.current?.end();
  }, [file]);
  const now = (): SqlSession => {
    if (!session.current) throw new Error('The table is not open.');
    return session.current;
  };
  const page = useMutation<SqlCells, Error, number>({ mutationFn: (offset) => now().page(offset) });
  const ask = useMutation<SqlAnswer, Error, string>({ mutationFn: (sql) => now().ask(sql), onMutate: () => page.reset() });
  const csv = useMutation<Uint8Array<ArrayBuffer>, Error, void>({ mutationFn: () => now().csv() });
  const cancel = (): void => {
    now().end();
    void open(session, file, setRead);
  };
  return { table: read.table, failure: read.failure, ask, page, csv, cancel };
}

/** What an earlier session says is no longer of interest. */
async function open(session: RefObject<SqlSession | undefined>, file: Blob, tell: (read: Read) => void): Promise<void> {
  const opened = openSql(file);
  session.current = opened;
  const read = await opened.table.then((table): Read => ({ table }), (failure: Error): Read => ({ failure }));
  if (session.current === opened) tell(read);
}
