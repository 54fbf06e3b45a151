import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { createBackgroundJobs } from '../jobs/index.ts';
import { findDuty, saveDuty } from './duties.ts';
import type { Duty } from './duties.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './openDatabase.ts';
import { findProgress, writeProgress } from './progress.ts';
import { createTestDatabase, openTestDatabase } from './openTestDatabase.ts';
import { stakes } from './schema.ts';

const server = process.env['NEURODATA_TEST_DATABASE_URL'];
const log = createLogger({ level: 'silent' });
const id = `0x01${'ab'.repeat(31)}` as const;

test('migrations run once', async () => {
  const db = await openTestDatabase(server);
  expect(await migrate(db.pool)).toEqual([]);
  await db.close();
});

test.skipIf(!server)(`three that start at once migrate once, and make the tables of jobs once${server ? '' : ' (needs a PostgreSQL server)'}`, async () => {
  const { url, drop } = await createTestDatabase(server!);
  const ran: unknown[] = [];
  const telling = createLogger({ level: 'info', destination: { write: (line) => { if (line.includes('database migrated')) ran.push(line); } } });
  const all = await Promise.all([1, 2, 3].map(async () => {
    const db = await openDatabase({ url, log: telling });
    const jobs = createBackgroundJobs({ db, log });
    jobs.define('one', { retries: 0, backoff: 1, timeoutSeconds: 10, every: '* * * * *', work: async () => undefined });
    await jobs.start();
    return { db, jobs };
  }));
  expect(ran).toHaveLength(1);
  const { rows } = await all[0]!.db.pool.query('SELECT name FROM migrations');
  expect(rows.length).toBe(readdirSync(join(import.meta.dirname, 'migrations')).length);
  for (const { db, jobs } of all) {
    await jobs.stop();
    await db.close();
  }
  await drop();
});

test('amounts, counts and sums come back as bigint', async () => {
  const db = await openTestDatabase(server);
  const amount = 2n ** 255n;
  await db.orm.insert(stakes).values([{ account: '0x000000000000000000000000000000000000dEaD', amount }]);
  expect(await db.orm.select().from(stakes)).toEqual([{ account: '0x000000000000000000000000000000000000dEaD', amount }]);
  const { rows } = await db.pool.query('SELECT count(*) AS n, sum(amount) AS total FROM stakes');
  expect(rows).toEqual([{ n: 1n, total: amount }]);
  await db.close();
});

test('a transaction on one connection is not seen by, and does not mix with, others', async () => {
  const db = await openTestDatabase(server);
  await db.pool.query('CREATE TABLE t (n int)');
  const client = await db.pool.connect();
  await client.query('BEGIN');
  await client.query('INSERT INTO t VALUES (1)');
  const others = Promise.all(Array.from({ length: 20 }, () => db.pool.query('SELECT count(*) AS n FROM t')));
  await client.query('ROLLBACK');
  client.release();
  expect((await others).every(({ rows }) => rows[0].n === 0n)).toBe(true);
  await db.close();
});

test('a connection that dies inside a transaction gives the session back', async () => {
  const db = await openTestDatabase(server);
  const client = await db.pool.connect();
  await client.query('BEGIN');
  await client.query('CREATE TABLE gone (n int)');
  client.release(true);
  const { rows } = await db.pool.query("SELECT to_regclass('gone') AS found");
  expect(rows).toEqual([{ found: null }]);
  await db.close();
});

test('an error leaves the connection usable, and names the relation', async () => {
  const db = await openTestDatabase(server);
  await expect(db.pool.query('SELECT * FROM nothing WHERE a = $1', [1])).rejects.toThrow(/relation "nothing" does not exist/);
  expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await db.close();
});

test('progress and duties are kept', async () => {
  const db = await openTestDatabase(server);
  const progress = { stage: 'training', step: 3, maxSteps: 20, loss: 0.5, lossCurve: [0.7, 0.6, 0.5], updatedAt: 5 } as const;
  await writeProgress(db, id, { ...progress, lossCurve: [] });
  await writeProgress(db, id, { ...progress, lossCurve: [...progress.lossCurve] });
  expect(await findProgress(db, id)).toEqual(progress);

  const duty = { validatorId: 1, roundId: id, verdict: 'accept', evidence: id, salt: id, stage: 'decided' } as const;
  await saveDuty(db, duty);
  await saveDuty(db, { ...duty, salt: `0x${'00'.repeat(32)}`, stage: 'committed' });
  expect(await findDuty(db, duty)).toEqual({ ...duty, stage: 'committed' });
  expect(await findDuty(db, { validatorId: 2, roundId: id })).toBeUndefined();
  // Another draw of the same round: what was found for the last one is of no use.
  const redrawn: Duty = { ...duty, verdict: 'reject', seed: id, digests: [id] };
  await saveDuty(db, redrawn);
  expect(await findDuty(db, duty)).toEqual(redrawn);
  await saveDuty(db, { ...redrawn, verdict: 'accept', stage: 'committed' });
  expect(await findDuty(db, duty)).toEqual({ ...redrawn, stage: 'committed' });
  await db.close();
});

// These two are about the embedded one, whatever server is given.
test.skipIf(server)('what was acknowledged survives SIGKILL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'neurodata-db-'));
  let acknowledged = 0;
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killedWriter.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout) {
      const last = String(chunk).trim().split('\n').at(-1);
      acknowledged = Math.max(acknowledged, Number(last));
      if (acknowledged >= (round + 1) * 60) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  const db = await openDatabase({ folder, log });
  const { rows } = await db.pool.query('SELECT count(*) AS n, max(n) AS last FROM written');
  expect(Number(rows[0].last)).toBeGreaterThanOrEqual(acknowledged);
  expect(Number(rows[0].n)).toBe(Number(rows[0].last));
  await db.close();
  await rm(folder, { recursive: true });
}, 120_000);

const hasPrlimit = existsSync('/usr/bin/prlimit');
test.skipIf(!hasPrlimit || server)(`a full disk ends it, and what was acknowledged is there at the next start${hasPrlimit ? '' : ' (needs prlimit of util-linux)'}`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'neurodata-db-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killedWriter.ts'), folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  let acknowledged = 0;
  for await (const chunk of child.stdout) {
    const before = acknowledged;
    acknowledged = Math.max(acknowledged, Number(String(chunk).trim().split('\n').at(-1)));
    // No file may be written beyond its first byte: what a full disk says, with another number.
    if (before < 60 && acknowledged >= 60) execFileSync('/usr/bin/prlimit', ['--pid', String(child.pid), '--fsize=1']);
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(1);
  expect(said).toContain('the database cannot write its log: could not write to log file');
  const db = await openDatabase({ folder, log });
  const { rows } = await db.pool.query('SELECT count(*) AS n, max(n) AS last FROM written');
  expect(Number(rows[0].last)).toBeGreaterThanOrEqual(acknowledged);
  expect(Number(rows[0].n)).toBe(Number(rows[0].last));
  await db.close();
  await rm(folder, { recursive: true });
}, 120_000);

test.skipIf(!server)('a connection that breaks in the middle of a transaction ends the transaction, and not the process', async () => {
  const db = await openTestDatabase(server);
  const client = await db.pool.connect();
  await client.query('BEGIN');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
  await sleep(200);
  await expect(client.query('SELECT 1')).rejects.toThrow();
  client.release(true);
  expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await db.close();
});
