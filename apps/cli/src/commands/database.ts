import path from 'node:path';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { colours, facts, table } from '../output.ts';
import { createProgress, megabytes } from '../progress.ts';

export function databaseCommand(): Command {
  const database = new Command('db');
  database.command('status').description('which database it is, its size, migrations, rows and last block').action(act(status));
  database.command('backup').description('write all rows into one file, with a checksum').argument('[file]', 'the file to write (default: neurodata-<date>.backup)')
    .option('--with-secrets', "also the accounts' key files, users.key and access.keys.json: keep the file as safe as them").action(act(backup));
  database.command('restore').description('put a backup into an empty database').argument('<file>').action(act(restore));
  database.command('migrate').description('bring its tables up to date, as every start of a node does').action(act(migrateTables));
  return database;
}

async function status(): Promise<Result> {
  const { databaseStatus } = await import('@neurodata/node');
  const found = await databaseStatus({ environment: { ...process.env } });
  const { run, pending, unknown } = found.migrations;
  const text = [
    facts([
      ['database', found.database], ['server', found.server.split(',')[0]], ['size', megabytes(found.bytes)], ['last block', found.block ?? 'none'],
      ['migrations', `${run.length} run${pending.length > 0 ? `, ${colours.yellow(`${pending.length} pending`)}: ${pending.join(', ')}` : ''}${unknown.length > 0 ? `, ${colours.red('of a newer version')}: ${unknown.join(', ')}` : ''}`],
    ]),
    table(['table', 'rows'], found.tables.filter(({ rows }) => rows > 0).map((one) => [one.table, String(one.rows)]), 'No table has rows.'),
  ].join('\n\n');
  return { value: found, text };
}

async function backup(_context: Context, name: string | undefined, { withSecrets = false }: { withSecrets?: boolean }): Promise<Result> {
  const { backupDatabase } = await import('@neurodata/node');
  const file = path.resolve(name ?? `neurodata-${new Date().toISOString().replaceAll(/[:T]/g, '-').slice(0, 19)}.backup`);
  const progress = createProgress('counts');
  const done = await backupDatabase({ environment: { ...process.env }, file, withSecrets, onTable: (at, total, one) => progress.update('saving', at, total, one) }).finally(() => progress.stop());
  const secrets = done.secrets.length > 0 ? `With ${done.secrets.join(' and ')}: keep it as safe as them.` : done.leftOut.length > 0 ? `Not in it: ${done.leftOut.join(' and ')}. Keep copies of them elsewhere, or back up with --with-secrets.` : '';
  return { value: done, text: [`${done.rows} rows of ${done.tables} tables${done.block === null ? '' : ` at block ${done.block}`} are in ${done.file}`, `sha256 of its content ${done.sha256}`, secrets].filter(Boolean).join('\n') };
}

async function restore(_context: Context, file: string): Promise<Result> {
  const { restoreDatabase } = await import('@neurodata/node');
  const progress = createProgress('counts');
  const done = await restoreDatabase({ environment: { ...process.env }, file: path.resolve(file), onTable: (at, one) => progress.update('restoring', at, undefined, one) }).finally(() => progress.stop());
  const migrated = done.migrated.length > 0 ? `Brought up to date: ${done.migrated.join(', ')}.` : '';
  return { value: done, text: [`${done.rows} rows of ${done.tables} tables are in ${done.database}.`, ...done.secrets.map((secret) => `${secret} is there again.`), migrated].filter(Boolean).join('\n') };
}

async function migrateTables(): Promise<Result> {
  const { migrateDatabase } = await import('@neurodata/node');
  const { database, ran } = await migrateDatabase({ environment: { ...process.env } });
  return { value: { database, ran }, text: ran.length === 0 ? `${database} is up to date.` : `${database}: ${ran.join(', ')}.` };
}
