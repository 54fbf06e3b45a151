import { sql } from 'drizzle-orm';
import { fromDrizzle } from 'pg-boss';
import type { Db } from 'pg-boss';
import { types } from 'pg';
import type { Pool } from 'pg';
import type { Transaction } from '../db/openDatabase.ts';

/** pg-boss counts in numbers and strings, while the rest of the node reads int8 and numeric as bigint. */
const asText = new Set<number>([types.builtins.INT8, types.builtins.NUMERIC]);
const plainTypes = {
  getTypeParser: (id: number, format?: 'text' | 'binary') => (asText.has(id) ? String : types.getTypeParser(id, format as 'text')),
};

/** How pg-boss reaches the database: through the node's own pool, be it PGlite's or a server's. */
export function jobsDatabase(pool: Pool): Db {
  return {
    executeSql: async (text, values) => {
      const client = await pool.connect();
      try {
        const result = await client.query({ text, types: plainTypes, ...(values?.length ? { values } : {}) });
        // Several statements in one text answer with a list.
        const results = (Array.isArray(result) ? result : [result]) as { rows: unknown[] }[];
        return { rows: results.flatMap(({ rows }) => rows) };
      } catch (error) {
        // A text that begins a transaction and fails leaves it open; nobody else may be handed that.
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

/** The same inside a transaction of the node's: what is written there is undone with it. */
export function inTransaction(tx: Transaction): Db {
  return fromDrizzle(tx, sql as Parameters<typeof fromDrizzle>[1]);
}
