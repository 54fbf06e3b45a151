import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import type { ClientBase } from 'pg';
import { writeBackup } from './backupFile.ts';
import type { BackupLine } from './backupFile.ts';
import { listJobTables, listTables, migrationsRun, quoted } from './databaseTables.ts';
import type { TableShape } from './databaseTables.ts';
import { openMaintained } from './openMaintained.ts';
import type { Environment } from './openMaintained.ts';

/** Without these, who is signed in signs in again, and second factors do not open. */
export const secretFiles = ['users.key', 'access.keys.json'] as const;

export type BackedUp = { file: string; database: string; sha256: string; block: number | null; tables: number; rows: number; secrets: string[]; leftOut: string[] };

const pageRows = 500;

/** Writes all rows, as they are at one moment, into one file. `withSecrets`: the accounts' key files too. */
export async function backupDatabase(parameters: { environment?: Environment; file: string; withSecrets: boolean; onTable?: (done: number, total: number, table: string) => void }): Promise<BackedUp> {
  const { environment, file, withSecrets, onTable } = parameters;
  await access(file).then(() => {
    throw new NeuroError(`${file} exists.`, { code: 'CONFLICT', remedy: 'Name another file.' });
  }, () => undefined);
  const { db, settings, name, close } = await openMaintained({ environment });
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const migrations = await migrationsRun(client);
    if (migrations.length === 0) throw new NeuroError(`${name} holds no tables of a node.`, { code: 'NOT_FOUND', remedy: 'Start the node once.' });
    const tables: (TableShape & { rows?: string })[] = [...(await listTables(client)), ...(await listJobTables(client))];
    const block = Number((await client.query<{ block: bigint }>('SELECT block FROM cursor')).rows[0]?.block ?? -1);
    const there = await Promise.all(secretFiles.map(async (secret) => ({ secret, bytes: await readFile(path.join(settings.home, secret)).catch(() => undefined) })));
    const secrets = there.flatMap(({ secret, bytes }) => (bytes ? [{ secret, bytes }] : []));
    let rows = 0;
    async function* lines(): AsyncGenerator<BackupLine> {
      for (const [index, table] of tables.entries()) {
        onTable?.(index, tables.length, table.name);
        yield { table: table.name, columns: table.columns };
        for await (const page of pagesOf(client, table)) {
          rows += page.count;
          yield { rows: page.text };
        }
      }
      if (withSecrets) for (const { secret, bytes } of secrets) yield { file: secret, base64: bytes.toString('base64') };
    }
    const head = { format: 'neurodata-backup', version: 1, createdAt: Math.floor(Date.now() / 1_000), migrations, block: block < 0 ? null : block } as const;
    const sha256 = await writeBackup(file, head, lines());
    await client.query('COMMIT');
    const names = secrets.map(({ secret }) => path.join(settings.home, secret));
    return { file, database: name, sha256, block: head.block, tables: tables.length, rows, secrets: withSecrets ? names : [], leftOut: withSecrets ? [] : names };
  } finally {
    client.release(true);
    await close();
  }
}

async function* pagesOf(client: ClientBase, { name, columns, rows: wanted = 'true' }: TableShape & { rows?: string }): AsyncGenerator<{ text: string; count: number }> {
  await client.query(`DECLARE saved NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM (SELECT ${columns.map((column) => `"${column}"`).join()} FROM ${quoted(name)} WHERE ${wanted}) t`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${pageRows} FROM saved`);
    if (rows.length > 0) yield { text: `[${rows.map(({ row }) => row).join()}]`, count: rows.length };
    if (rows.length < pageRows) break;
  }
  await client.query('CLOSE saved');
}
