/** A column as DuckDB has it. */
export type SqlColumn = { name: string; type: string };
export type SqlTable = { columns: SqlColumn[]; rows: number };
/** Values as DuckDB writes them; null is no value. */
export type SqlCells = (string | null)[][];
/** `page`: its first rows. */
export type SqlAnswer = { columns: SqlColumn[]; rows: number; page: SqlCells; seconds: number };

export type SqlQuestion = { task: 'open'; file: Blob } | { task: 'ask'; sql: string } | { task: 'page'; offset: number } | { task: 'csv' };
export type SqlReply = { id: number; result: unknown } | { id: number; error: string };

export type SqlSession = {
  table: Promise<SqlTable>;
  /** One SELECT. Rejects with what DuckDB says of it. */
  ask(sql: string): Promise<SqlAnswer>;
  /** Rows of the last answer from `offset` on. */
  page(offset: number): Promise<SqlCells>;
  /** The last answer, whole. */
  csv(): Promise<Uint8Array<ArrayBuffer>>;
  /** Ends the worker, whatever it is at. */
  end(): void;
};

/** Opens a table for questions, in a worker of its own: the page goes on meanwhile. */
export function openSql(file: Blob): SqlSession {
  const worker = new Worker(new URL('./sql.worker.ts', import.meta.url), { type: 'module', name: 'sql' });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<SqlReply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.result);
  });
  worker.addEventListener('error', (event) => fail(new Error(event.message || 'The background worker could not start: reload the page.')));
  const send = <Result>(question: SqlQuestion): Promise<Result> => {
    last += 1;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(last, asked);
    worker.postMessage({ id: last, question }, { transfer: [] });
    return asked.promise as Promise<Result>;
  };
  const table = send<SqlTable>({ task: 'open', file });
  return {
    table,
    ask: async (sql) => {
      await table;
      return send<SqlAnswer>({ task: 'ask', sql });
    },
    page: (offset) => send<SqlCells>({ task: 'page', offset }),
    csv: () => send<Uint8Array<ArrayBuffer>>({ task: 'csv' }),
    end: () => {
      worker.terminate();
      fail(new Error('Cancelled.'));
    },
  };
}
