import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryResultRow } from 'pg';
import { nameStatement } from './nameStatement.ts';
import type { Database } from './openDatabase.ts';

const dialect = new PgDialect();

/** Rows of a statement whose text is the same each time: a connection plans it once. For what takes longer to plan than to run. */
export async function askAgain<T extends QueryResultRow>(db: Pick<Database, 'pool'>, statement: SQL): Promise<T[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  const client = await db.pool.connect();
  try {
    const { rows } = await client.query<T>(nameStatement(client, { text }, params), params);
    return rows;
  } finally {
    client.release();
  }
}
