import { getTableName } from 'drizzle-orm';
import type { ClientBase } from 'pg';
import type { Database } from '../db/openDatabase.ts';
import { projectionTables } from './projectionTables.ts';

/** A table whose rows differ: how many, and the first of them, as JSON. */
export type Difference = { table: string; rows: number; onlyHere: string[]; onlyThere: string[] };
export type Comparison = { tables: number; rows: number; differences: Difference[] };

const shown = 3;
const pageRows = 5_000;
/** How far back headers are kept depends on how the chain was followed. */
const besides = new Set(['blocks']);

/** A database as it is now, whatever is written meanwhile, until it is closed. */
export type Snapshot = { read(table: string): Promise<Set<string>>; block: number; close(): Promise<void> };

/** Compares every row that is made from the chain, value by value. `onTable` is told how far it is. */
export async function compareProjections(here: Pick<Snapshot, 'read'>, there: Pick<Snapshot, 'read'>, onTable?: (done: number, total: number, table: string) => void): Promise<Comparison> {
  const names = projectionTables.map((table) => getTableName(table)).filter((name) => !besides.has(name));
  const differences: Difference[] = [];
  let rows = 0;
  for (const [index, table] of names.entries()) {
    onTable?.(index, names.length, table);
    const [left, right] = await Promise.all([here.read(table), there.read(table)]);
    rows += left.size;
    const [onlyHere, onlyThere] = [missingIn(left, right), missingIn(right, left)];
    if (onlyHere.length + onlyThere.length > 0) differences.push({ table, rows: Math.max(onlyHere.length, onlyThere.length), onlyHere: onlyHere.slice(0, shown), onlyThere: onlyThere.slice(0, shown) });
  }
  return { tables: names.length, rows, differences };
}

const missingIn = (rows: Set<string>, others: Set<string>): string[] => [...rows].filter((row) => !others.has(row));

/** One picture of all tables, however long it takes to look at it. */
export async function openSnapshot({ pool }: Pick<Database, 'pool'>): Promise<Snapshot> {
  const client = await pool.connect();
  let closed: Promise<void> | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ block: bigint }>('SELECT block FROM cursor');
    return {
      block: Number(rows[0]?.block ?? -1),
      read: (table) => readRows(client, table),
      close: () => (closed ??= client.query('COMMIT').then(() => undefined).finally(() => client.release())),
    };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** No two rows of these tables are alike: each has a key. jsonb sorts an object's fields, so that equal rows are equal texts. */
async function readRows(client: ClientBase, table: string): Promise<Set<string>> {
  const found = new Set<string>();
  await client.query(`DECLARE all_rows NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${table} t`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${pageRows} FROM all_rows`);
    for (const { row } of rows) found.add(row);
    if (rows.length < pageRows) break;
  }
  await client.query('CLOSE all_rows');
  return found;
}
