import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { QueryConfig, QueryResult } from 'pg';
import { nameStatement } from './nameStatement.ts';
import type { Database, Transaction } from './openDatabase.ts';
import * as schema from './schema.ts';

const writes = /^\s*(?:insert|update|delete)\b/i;
const returns = /\breturning\b/i;

/**
 * Runs a transaction whose writes are sent without waiting for each other's answers: one after the other on one connection, so
 * that what is read sees what was written before. A write resolves at once, with no rows; what is wrong with it is thrown at the end, and
 * nothing of the transaction stays.
 */
export async function writeInOrder<T>(db: Pick<Database, 'writer'>, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await db.writer.connect();
  const failures: unknown[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const query = (statement: QueryConfig, values?: unknown[]): Promise<QueryResult> => {
    const sent = client.query(nameStatement(client, statement, values), values);
    if (!writes.test(statement.text) || returns.test(statement.text)) return sent;
    last = sent.catch((error: unknown) => failures.push(error));
    return Promise.resolve({ command: '', rowCount: 0, oid: 0, rows: [], fields: [] });
  };
  let broken = false;
  try {
    // drizzle asks nothing else of a client.
    const orm = drizzle({ client: { query } as never, schema }) as unknown as NodePgDatabase<typeof schema>;
    return await orm.transaction(async (tx) => {
      const value = await work(tx);
      await last;
      if (failures.length > 0) throw failures[0];
      return value;
    });
  } catch (error) {
    broken = true;
    // Those that follow the first say only that there was one before them.
    throw failures[0] ?? error;
  } finally {
    // A connection that may have broken is not used again.
    client.release(broken);
  }
}
