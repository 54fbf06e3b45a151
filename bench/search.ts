import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '../apps/node/src/common/logger.ts';
import { openDatabase } from '../apps/node/src/db/openDatabase.ts';
import type { Database } from '../apps/node/src/db/openDatabase.ts';
import { findPostgres } from '../apps/node/src/db/testing/findPostgres.ts';
import { startPostgres } from '../apps/node/src/db/testing/startPostgres.ts';
import { fillDatabase } from './search/fillDatabase.ts';
import { measureLatency, measureRecall } from './search/measure.ts';

/** PGlite answers one question at a time, for one household. */
const rates = { postgres: 50, pglite: 10 };
const recallQueries = 60;
const serverOptions = ['shared_buffers=1GB', 'work_mem=32MB', 'maintenance_work_mem=512MB', 'max_wal_size=8GB', 'checkpoint_timeout=1h', 'wal_level=minimal', 'max_wal_senders=0', 'autovacuum=off', 'max_parallel_workers_per_gather=0'];

type Options = { assets: number; seconds: number };

/**
 * How fast assets are found: `npm run bench -- search [--assets 1000000] [--pglite-assets 50000] [--seconds 20] [--only postgres|pglite]`. Generated
 * assets with words by Zipf's law, mixed queries from a fixed seed at a fixed rate (50 a second on PostgreSQL, 10 on PGlite), on a PostgreSQL server of its own
 * and on PGlite. Says so where PostgreSQL is not installed. The last line is JSON.
 */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3), strict: true,
    options: { assets: { type: 'string', default: '1000000' }, 'pglite-assets': { type: 'string', default: '50000' }, seconds: { type: 'string', default: '20' }, only: { type: 'string' } },
  });
  const seconds = Number(values.seconds);
  const postgres = values.only === 'pglite' ? undefined : await onPostgres({ assets: Number(values.assets), seconds });
  const pglite = values.only === 'postgres' ? undefined : await onPglite({ assets: Number(values['pglite-assets']), seconds });
  process.stdout.write(`${JSON.stringify({ ...(postgres ? { postgres } : {}), ...(pglite ? { pglite } : {}) })}\n`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function onPostgres(options: Options): Promise<Record<string, number> | undefined> {
  const programs = findPostgres(process.env['PATH'] ?? '');
  if (!programs) {
    say('PostgreSQL is not installed (Debian: apt-get install postgresql): nothing is measured on it.');
    return undefined;
  }
  say(`PostgreSQL, ${options.assets} assets`);
  const server = await startPostgres(programs, serverOptions);
  try {
    const db = await openDatabase({ url: server.url, log: createLogger({ level: 'silent' }) });
    try {
      const { buildSeconds } = await fillDatabase(db, options.assets, say);
      const bytes = await bytesOf(db);
      const { failed, p50, p99, slowest } = await measureLatency(db, { rate: rates.postgres, seconds: options.seconds });
      for (const { query, ms } of slowest) say(`  ${ms} ms: ${new URLSearchParams(query)}`);
      if (failed > 0) say(`  ${failed} searches were not answered`);
      const recall20 = await measureRecall(db, recallQueries);
      return { n: options.assets, p50, p99, recall20, buildSeconds, bytes };
    } finally {
      await db.close();
    }
  } finally {
    await server.stop();
  }
}

async function onPglite(options: Options): Promise<Record<string, number>> {
  say(`PGlite, ${options.assets} assets`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-search-'));
  const db = await openDatabase({ folder, log: createLogger({ level: 'silent' }) });
  try {
    await fillDatabase(db, options.assets, say);
    const { failed, p50, p99, maxBlockMs, slowest } = await measureLatency(db, { rate: rates.pglite, seconds: options.seconds });
    for (const { query, ms } of slowest) say(`  ${ms} ms: ${new URLSearchParams(query)}`);
    if (failed > 0) say(`  ${failed} searches were not answered`);
    return { n: options.assets, p50, p99, maxBlockMs };
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the table with its indexes, and of the words. */
async function bytesOf(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ bytes: bigint }>("SELECT pg_total_relation_size('asset_search') + pg_total_relation_size('search_words') AS bytes");
  return Number(rows[0]?.bytes ?? 0);
}
