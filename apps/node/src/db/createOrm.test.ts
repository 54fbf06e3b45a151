import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from './openDatabase.ts';
import { createTestDatabase } from './openTestDatabase.ts';
import { findPostgres } from './testing/findPostgres.ts';
import { startPostgres } from './testing/startPostgres.ts';

const programs = findPostgres(process.env['PATH'] ?? '');

test.skipIf(!programs)(`transactions that a crash of the server ends give their connections back${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const server = await startPostgres(programs!);
  const db = await openDatabase({ url: (await createTestDatabase(server.url)).url, log: createLogger({ level: 'silent' }) });
  const ask = () => db.orm.transaction(async (tx) => (await tx.execute<{ one: number }>(sql`SELECT 1 AS one`)).rows[0]?.one);
  try {
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await Promise.all(Array.from({ length: 10 }, ask))).toEqual(Array.from({ length: 10 }, () => 1));
      const crash = server.crash();
      const asked: Promise<number | undefined>[] = [];
      for (let batch = 0; batch < 20; batch += 1) {
        asked.push(...Array.from({ length: 10 }, ask));
        await Promise.allSettled(asked);
      }
      await crash;
      expect((await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
      expect(db.pool.totalCount - db.pool.idleCount).toBe(0);
      await server.restart();
    }
  } finally {
    await db.close();
    await server.stop();
  }
}, 120_000);

test.skipIf(!programs)(`what went wrong is told, not that it could not be taken back${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const server = await startPostgres(programs!);
  const db = await openDatabase({ url: (await createTestDatabase(server.url)).url, log: createLogger({ level: 'silent' }) });
  try {
    const first = new Error('the work failed');
    await expect(db.orm.transaction(async () => {
      await server.crash();
      throw first;
    })).rejects.toBe(first);
    await server.restart();
    await expect(db.orm.transaction(async (tx) => {
      await tx.execute(sql`CREATE TABLE kept (a int)`);
      throw first;
    })).rejects.toBe(first);
    await expect(db.pool.query('SELECT * FROM kept')).rejects.toThrow(/does not exist/);
  } finally {
    await db.close();
    await server.stop();
  }
}, 60_000);
