import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockFolder } from '../chain/folderLock.ts';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from '../db/openDatabase.ts';
import { createTestDatabase } from '../db/openTestDatabase.ts';
import { findPostgres } from '../db/testing/findPostgres.ts';
import { startPostgres } from '../db/testing/startPostgres.ts';
import { createBackgroundJobs } from '../jobs/index.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import { generateChain } from '../indexer/testing/generateChain.ts';
import { backupDatabase } from './backupDatabase.ts';
import { databaseStatus, migrateDatabase } from './databaseStatus.ts';
import { restoreDatabase } from './restoreDatabase.ts';

/** From the embedded database of a node into a file, and from there into others. */

const log = createLogger({ level: 'silent' });
const programs = findPostgres(process.env['PATH'] ?? '');
let folder: string;
let file: string;
let source: { NEURODATA_HOME: string };
const homeOf = (name: string) => ({ NEURODATA_HOME: path.join(folder, name) });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-backup-'));
  source = homeOf('node');
  file = path.join(folder, 'one.backup');
  const chain = generateChain({ seed: 31 });
  chain.grow(40, 6);
  await migrateDatabase({ environment: source });
  const db = await openDatabase({ folder: path.join(source.NEURODATA_HOME, 'database'), log });
  const indexer = createIndexer({ db, publicClient: chain.publicClient, deployment: chain.deployment, log, pollMs: 2, readDocument: () => Promise.reject(new Error('nobody has it')), onChange: () => undefined });
  await indexer.start();
  while (!indexer.caughtUp()) await sleep(10);
  await indexer.stop();
  // A user with what refers to them, counters, and values that do not survive every way of writing them down.
  await db.pool.query(`INSERT INTO users (user_id, email, roles, created_at) VALUES ('u1', 'ada@example.org', '["user"]', 1700000000)`);
  await db.pool.query(`INSERT INTO user_activity (user_id, action, detail, address, agent, at) VALUES ('u1', 'signed in', E'quotes " \\' \\\\ and\\nlines \\u00e9 \\U0001F600', '::1', 'x', 1700000000)`);
  await db.pool.query(`INSERT INTO stakes (account, amount) VALUES ('0x${'ab'.repeat(20)}', 123456789012345678901234567890123456789012345678901234567890)`);
  await db.pool.query(`INSERT INTO job_progress (job_id, stage, step, max_steps, loss, loss_curve, updated_at) VALUES ('0x02', 'done', 1, 1, 0.1, '[0.1, 1e-300]', 1)`);
  const jobs = createBackgroundJobs({ db, log });
  jobs.define('greet', { retries: 2, backoff: 7, timeoutSeconds: 30, work: async () => ({ greeted: true }) });
  await jobs.start();
  await jobs.enqueue('greet', { to: 'Ada' });
  await jobs.idle();
  await jobs.enqueue('greet', { to: 'Grace "\u00e9"' }, { after: 2, key: 'later' });
  await jobs.stop();
  await db.close();
  await writeFile(path.join(source.NEURODATA_HOME, 'users.key'), 'a secret');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function everything(open: { folder?: string; url?: string }): Promise<Record<string, string[]>> {
  const db = await openDatabase({ ...open, log });
  const { rows } = await db.pool.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'migrations' ORDER BY 1`);
  const found: Record<string, string[]> = {};
  for (const { name } of rows) found[name] = (await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`)).rows.map(({ row }) => row);
  found['pgboss.job'] = (await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM (SELECT name, state, data, output, start_after, created_on, completed_on, singleton_key, retry_limit, retry_delay, policy FROM pgboss.job WHERE name = 'greet') t ORDER BY 1`)).rows.map(({ row }) => row);
  await db.close();
  return found;
}
const embedded = (home: { NEURODATA_HOME: string }) => everything({ folder: path.join(home.NEURODATA_HOME, 'database') });

test('a backup that is restored has every row as it was, counters go on, and the key files come along when asked for', async () => {
  const saved = await backupDatabase({ environment: source, file, withSecrets: true });
  expect(saved).toMatchObject({ block: 40, secrets: [path.join(source.NEURODATA_HOME, 'users.key')], leftOut: [] });
  expect(saved.rows).toBeGreaterThan(200);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const target = homeOf('restored');
  expect(await restoreDatabase({ environment: target, file })).toMatchObject({ rows: saved.rows, tables: saved.tables, block: 40, migrated: [] });
  expect(await readFile(path.join(target.NEURODATA_HOME, 'users.key'), 'utf8')).toBe('a secret');
  const [before, after] = [await embedded(source), await embedded(target)];
  expect(after).toEqual(before);
  expect(after['stakes']!.join()).toContain('123456789012345678901234567890123456789012345678901234567890');
  const db = await openDatabase({ folder: path.join(target.NEURODATA_HOME, 'database'), log });
  const { rows } = await db.pool.query(`INSERT INTO user_activity (user_id, action, address, agent, at) VALUES ('u1', 'more', '::1', 'x', 2) RETURNING activity_id`);
  expect(rows[0].activity_id).toBe(2n);
  await db.close();
  await expect(restoreDatabase({ environment: target, file })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('is not empty') });
});

test('background jobs come along: those that waited are done where they are restored', async () => {
  const target = homeOf('working');
  await restoreDatabase({ environment: target, file });
  const db = await openDatabase({ folder: path.join(target.NEURODATA_HOME, 'database'), log });
  const done: unknown[] = [];
  const jobs = createBackgroundJobs({ db, log });
  jobs.define('greet', { retries: 2, backoff: 7, timeoutSeconds: 30, work: async (data) => { done.push(data); } });
  await jobs.start();
  expect(await jobs.count()).toEqual(expect.arrayContaining([{ name: 'greet', state: 'done', count: 1 }]));
  await expect.poll(() => done, { timeout: 15_000 }).toEqual([{ to: 'Grace "\u00e9"' }]);
  await jobs.stop();
  await db.close();
});

test('status says what is there; without the keys it names them', async () => {
  const status = await databaseStatus({ environment: source });
  expect(status).toMatchObject({ embedded: true, block: 40, migrations: { pending: [], unknown: [] }, database: path.join(source.NEURODATA_HOME, 'database') });
  expect(status.tables.find(({ table }) => table === 'users')).toEqual({ table: 'users', rows: 1 });
  expect(status.bytes).toBeGreaterThan(1_000_000);
  expect(await backupDatabase({ environment: source, file: path.join(folder, 'two.backup'), withSecrets: false })).toMatchObject({ secrets: [], leftOut: [path.join(source.NEURODATA_HOME, 'users.key')] });
  expect((await migrateDatabase({ environment: source })).ran).toEqual([]);
});

test('what is no backup, is damaged, or comes from a newer version is refused, and nothing is left', async () => {
  const target = homeOf('refused');
  const bytes = await readFile(file);
  const lines = gunzipSync(bytes).toString().split('\n');
  const write = async (name: string, content: Uint8Array | string): Promise<string> => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const changed = (at: number, text: string): Buffer => gzipSync(lines.with(at, text).join('\n'));
  const head = JSON.parse(lines[0]!) as { migrations: string[] };
  const future = [JSON.stringify({ ...head, migrations: [...head.migrations, '9999_tomorrow.sql'] }), ...lines.slice(1, -2)];
  const signed = [...future, JSON.stringify({ sha256: createHash('sha256').update(future.map((line) => `${line}\n`).join('')).digest('hex') }), ''].join('\n');
  const cases: [string, string, string][] = [
    [await write('text', 'hello'), 'BAD_INPUT', 'is no backup'], [await write('other.gz', gzipSync('{"a":1}\n')), 'BAD_INPUT', 'is no backup'], [await write('half', bytes.subarray(0, bytes.length / 2)), 'CONTENT_MISMATCH', 'damaged'],
    [await write('edited', changed(1, lines[1]!.replace(/"columns":\["/, '"columns":["x'))), 'CONTENT_MISMATCH', 'damaged'], [await write('cut', gzipSync(lines.slice(0, -3).join('\n'))), 'CONTENT_MISMATCH', 'damaged'],
    [await write('future', gzipSync(signed)), 'CONFLICT', '9999_tomorrow.sql'], [path.join(folder, 'missing'), 'NOT_FOUND', 'There is no file'],
  ];
  for (const [name, code, words] of cases) await expect(restoreDatabase({ environment: target, file: name }), name).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  await expect(stat(target.NEURODATA_HOME)).rejects.toThrow('ENOENT');
  await expect(backupDatabase({ environment: target, file: path.join(folder, 'none.backup'), withSecrets: false })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(backupDatabase({ environment: source, file, withSecrets: false })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('exists') });
  const lock = await lockFolder(source.NEURODATA_HOME);
  await expect(databaseStatus({ environment: source })).rejects.toMatchObject({ code: 'CONFLICT' });
  await lock.release();
});

test.skipIf(!programs)(`from the embedded database to a server, and on${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const server = await startPostgres(programs!);
  const { url } = await createTestDatabase(server.url);
  const environment = { NEURODATA_HOME: path.join(folder, 'served'), NEURODATA_DATABASE_URL: url };
  const restored = await restoreDatabase({ environment, file });
  expect(await everything({ url })).toEqual(await embedded(source));
  expect(await databaseStatus({ environment })).toMatchObject({ embedded: false, block: 40 });
  const again = path.join(folder, 'served.backup');
  expect(await backupDatabase({ environment, file: again, withSecrets: false })).toMatchObject({ rows: restored.rows });
  await server.stop();
  await expect(databaseStatus({ environment })).rejects.toMatchObject({ code: 'UNREACHABLE' });
});
