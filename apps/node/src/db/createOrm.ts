import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import * as schema from './schema.ts';

export type Orm = NodePgDatabase<typeof schema>;

/**
 * Drizzle over a pool. Transactions are begun here on a connection of their own: drizzle's would keep one for good whose `begin` fails,
 * as it does when the server goes, and would tell that a rollback failed instead of why there was one.
 */
export function createOrm(pool: Pool): Orm {
  const orm = drizzle(pool, { schema });
  orm.transaction = async (work, config) => {
    const client = await pool.connect();
    let cause: { error: unknown } | undefined;
    try {
      return await ormOf(client).transaction(async (tx) => {
        try {
          return await work(tx);
        } catch (error) {
          cause = { error };
          throw error;
        }
      }, config);
    } catch (error) {
      throw cause ? cause.error : error;
    } finally {
      // The pool lets those go that have broken.
      client.release();
    }
  };
  return orm;
}

const known = new WeakMap<PoolClient, Orm>();

function ormOf(client: PoolClient): Orm {
  const orm = known.get(client) ?? (drizzle({ client, schema }) as unknown as Orm);
  known.set(client, orm);
  return orm;
}
