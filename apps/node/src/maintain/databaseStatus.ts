import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { listMigrations, migrate } from '../db/migrate.ts';
import { listTables, migrationsRun } from './databaseTables.ts';
import { openMaintained } from './openMaintained.ts';
import type { Environment } from './openMaintained.ts';

export type DatabaseStatus = {
  database: string;
  embedded: boolean;
  server: string;
  bytes: number;
  migrations: { run: string[]; pending: string[]; unknown: string[] };
  tables: { table: string; rows: number }[];
  /** The last block whose events are rows; absent before the first. */
  block?: number;
};

/** What a node's database is and holds; changes nothing. */
export async function databaseStatus(parameters: { environment?: Environment }): Promise<DatabaseStatus> {
  const { db, name, close } = await openMaintained({ environment: parameters.environment });
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [run, known] = [await migrationsRun(client), await listMigrations()];
    const tables: DatabaseStatus['tables'] = [];
    for (const table of await listTables(client)) tables.push({ table: table.name, rows: Number((await client.query<{ n: bigint }>(`SELECT count(*) AS n FROM "${table.name}"`)).rows[0]?.n ?? 0) });
    const { rows } = await client.query<{ version: string; bytes: bigint }>('SELECT version() AS version, pg_database_size(current_database()) AS bytes');
    const block = tables.some(({ table }) => table === 'cursor') ? (await client.query<{ block: bigint }>('SELECT block FROM cursor')).rows[0]?.block : undefined;
    await client.query('COMMIT');
    return {
      database: name, embedded: db.embedded, server: rows[0]?.version ?? '', bytes: db.embedded ? await folderBytes(name) : Number(rows[0]?.bytes ?? 0),
      migrations: { run, pending: known.filter((migration) => !run.includes(migration)), unknown: run.filter((migration) => !known.includes(migration)) }, tables, ...(block === undefined ? {} : { block: Number(block) }),
    };
  } finally {
    client.release(true);
    await close();
  }
}

/** Runs the migrations that have not run; what every start of a node does as well. */
export async function migrateDatabase(parameters: { environment?: Environment }): Promise<{ database: string; ran: string[] }> {
  const { db, name, close } = await openMaintained({ environment: parameters.environment, isNew: true });
  try {
    return { database: name, ran: await migrate(db.pool) };
  } finally {
    await close();
  }
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}
