import type { Pool, PoolClient } from 'pg';
import { withChildSpan } from '../common/tracing.ts';

type Query = (...args: unknown[]) => unknown;
const traced = new WeakSet<PoolClient>();

/** Makes each statement a part of the trace under way, with its text and without its values. */
export function traceQueries(pool: Pool): void {
  pool.on('connect', (client) => {
    if (traced.has(client)) return;
    traced.add(client);
    const query = client.query.bind(client) as Query;
    client.query = ((...args: unknown[]) => {
      // The pool's own calls end by a callback, wherever they come from: see below.
      if (typeof args.at(-1) === 'function') return query(...args);
      const text = textOf(args[0]);
      return text === undefined ? query(...args) : withChildSpan(`db ${wordOf(text)}`, { 'db.system.name': 'postgresql', 'db.query.text': text.slice(0, 1_000) }, () => query(...args) as Promise<unknown>);
    }) as typeof client.query;
  });
  const query = pool.query.bind(pool) as Query;
  // Here it is still known who asks; when a connection is free, only who gave it back.
  pool.query = ((...args: unknown[]) => {
    const text = textOf(args[0]);
    if (text === undefined || typeof args.at(-1) === 'function') return query(...args);
    return withChildSpan(`db ${wordOf(text)}`, { 'db.system.name': 'postgresql', 'db.query.text': text.slice(0, 1_000) }, () => query(...args) as Promise<unknown>);
  }) as typeof pool.query;
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : undefined;
  return typeof text === 'string' ? text : undefined;
}

const wordOf = (text: string): string => /[a-z]+/i.exec(text)?.[0].toLowerCase() ?? 'query';
