import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import type { ClientBase } from 'pg';
import { listMigrations, migrate } from '../db/migrate.ts';
import { secretFiles } from './backupDatabase.ts';
import { checkBackup, readBackup } from './backupFile.ts';
import { jobsSchema, prepareJobsSchema } from '../jobs/index.ts';
import { jobTable, listJobTables, listTables, migrationsRun, queueTable, quoted } from './databaseTables.ts';
import type { TableShape } from './databaseTables.ts';
import { openMaintained } from './openMaintained.ts';
import type { Environment } from './openMaintained.ts';

export type Restored = { file: string; database: string; block: number | null; tables: number; rows: number; secrets: string[]; migrated: string[] };

/**
 * Puts a backup into an empty database: all of it or nothing. A backup of an older version is brought up to date.
 *
 * @throws NeuroError CONFLICT where there are rows already, or where the backup is of a newer version; see `checkBackup` for files that are none.
 */
export async function restoreDatabase(parameters: { environment?: Environment; file: string; onTable?: (done: number, table: string) => void }): Promise<Restored> {
  const { environment, file, onTable } = parameters;
  const head = await checkBackup(file);
  const known = await listMigrations();
  const newer = head.migrations.filter((name) => !known.includes(name));
  if (newer.length > 0) throw new NeuroError(`${file} is of a newer version: this one knows nothing of ${newer.join(', ')}.`, { code: 'CONFLICT', remedy: 'Restore it with the version that has written it, or a later one.' });
  const { db, settings, name, close } = await openMaintained({ environment, isNew: true });
  const client = await db.pool.connect();
  try {
    await refuseRows(client, name);
    const ran = await migrationsRun(client);
    const early = ran.filter((migration) => !head.migrations.includes(migration));
    if (early.length > 0) throw new NeuroError(`The tables in ${name} are of a newer version than ${file}.`, { code: 'CONFLICT', remedy: 'Restore into a database without tables; it is brought up to date afterwards.' });
    await migrate(db.pool, (migration) => head.migrations.includes(migration));
    if (await hasJobs(file)) await prepareJobsSchema(db);
    await client.query('BEGIN');
    const result = await fill(client, { file, home: settings.home, ...(onTable ? { onTable } : {}) });
    await client.query('COMMIT');
    return { file, database: name, block: head.block, ...result, migrated: await migrate(db.pool) };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release(true);
    await close();
  }
}

async function hasJobs(file: string): Promise<boolean> {
  for await (const line of readBackup(file)) if ('table' in line && line.table === jobTable) return true;
  return false;
}

async function refuseRows(client: ClientBase, name: string): Promise<void> {
  // Queues without jobs are what a start leaves.
  const jobs = (await listJobTables(client)).filter((table) => table.name === jobTable);
  for (const table of [...(await listTables(client)).map((each) => ({ ...each, rows: 'true' })), ...jobs]) {
    const { rows } = await client.query(`SELECT 1 FROM ${quoted(table.name)} WHERE ${table.rows} LIMIT 1`);
    if (rows.length > 0) throw new NeuroError(`${name} is not empty: ${table.name} has rows.`, { code: 'CONFLICT', remedy: 'Name an empty state folder with NEURODATA_HOME, or an empty database with NEURODATA_DATABASE_URL.' });
  }
}

async function fill(client: ClientBase, parameters: { file: string; home: string; onTable?: (done: number, table: string) => void }): Promise<Pick<Restored, 'tables' | 'rows' | 'secrets'>> {
  const { file, home, onTable } = parameters;
  const shapes = new Map<string, TableShape>([...(await listTables(client)), ...(await listJobTables(client))].map((shape) => [shape.name, shape]));
  const secrets: string[] = [];
  let [tables, rows] = [0, 0];
  let current: TableShape | undefined;
  for await (const line of readBackup(file)) {
    if ('table' in line) {
      current = shapes.get(line.table);
      if (!current || line.columns.some((column) => !current?.columns.includes(column))) throw new NeuroError(`${file} has a table ${line.table} that does not fit.`, { code: 'CONFLICT', remedy: 'Restore it with the version that has written it.' });
      onTable?.(tables, line.table);
      tables += 1;
    } else if ('rows' in line && current) {
      rows += current.name === queueTable ? await makeQueues(client, line.rows) : await insert(client, current, line.rows);
    } else if ('file' in line) {
      secrets.push(await writeSecret(home, line.file, Buffer.from(line.base64, 'base64')));
    }
  }
  for (const { name, counter } of shapes.values()) {
    if (counter) await client.query(`SELECT setval(pg_get_serial_sequence($1, $2), coalesce((SELECT max("${counter}") FROM "${name}"), 0) + 1, false)`, [name, counter]);
  }
  return { tables, rows, secrets };
}

async function insert(client: ClientBase, { name, columns, counter }: TableShape, rows: string): Promise<number> {
  const list = columns.map((column) => `"${column}"`).join();
  const { rowCount } = await client.query(`INSERT INTO ${quoted(name)} (${list}) ${counter ? 'OVERRIDING SYSTEM VALUE' : ''} SELECT ${list} FROM jsonb_populate_recordset(NULL::${quoted(name)}, $1::jsonb)`, [rows]);
  return rowCount ?? 0;
}

/** Where a queue's jobs lie depends on the database: pg-boss makes it here as it would have. */
async function makeQueues(client: ClientBase, rows: string): Promise<number> {
  const { rowCount } = await client.query(`SELECT ${jobsSchema}.create_queue(q.name, jsonb_build_object('policy', q.policy)) FROM jsonb_to_recordset($1::jsonb) AS q (name text, policy text)`, [rows]);
  return rowCount ?? 0;
}

/** Never over one that is there: it opens what that one has closed. */
async function writeSecret(home: string, name: string, bytes: Buffer): Promise<string> {
  const file = path.join(home, name);
  if (!secretFiles.some((secret) => secret === name)) throw new NeuroError(`The backup holds a file ${name}, which is none of a node.`, { code: 'BAD_INPUT', remedy: 'Use a backup that you trust.' });
  if (await access(file).then(() => true, () => false)) throw new NeuroError(`${file} exists.`, { code: 'CONFLICT', remedy: 'Move it away, or restore into an empty state folder.' });
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  return file;
}
