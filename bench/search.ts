import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

const ratePerSecond = 50;
const recallQueries = 60;
/** As docs/operations.md recommends for a server of 8 GB, and no more work in the background than a measurement bears. */
const serverOptions = ['shared_buffers=2GB', 'effective_cache_size=6GB', 'work_mem=32MB', 'maintenance_work_mem=512MB', 'max_wal_size=2GB', 'checkpoint_timeout=1h', 'synchronous_commit=off', 'wal_level=minimal', 'max_wal_senders=0', 'autovacuum=off', 'max_parallel_workers_per_gather=0', 'random_page_cost=1.1', 'jit=off'];

type Options = { assets: number; seconds: number; folder: string; asking: boolean };

/**
 * How fast assets are found: `npm run bench -- search [--n 1000000] [--pglite-n 50000] [--seconds 20] [--only postgres|pglite] [--keep FOLDER [--build]]`.
 * Generated assets with words by Zipf's law, mixed queries from a fixed seed at 50 a second, on a PostgreSQL server of its own and on PGlite. Says so where
 * PostgreSQL is not installed. With `--keep` the databases stay in that folder and the next call asks them at once; with `--build` nothing is asked yet.
 * The last line is JSON.
 */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3), strict: true,
    options: { n: { type: 'string', default: '1000000' }, 'pglite-n': { type: 'string', default: '50000' }, seconds: { type: 'string', default: '20' }, only: { type: 'string' }, keep: { type: 'string' }, build: { type: 'boolean', default: false } },
  });
  const folder = values.keep === undefined ? await mkdtemp(path.join(os.tmpdir(), 'neurodata-search-')) : path.resolve(values.keep);
  const options = { seconds: Number(values.seconds), folder, asking: !values.build };
  try {
    await mkdir(folder, { recursive: true });
    // Where this is root, PostgreSQL runs as somebody else, who has to get to it.
    if (values.keep === undefined) await chmod(folder, 0o755);
    const postgres = values.only === 'pglite' ? undefined : await onPostgres({ ...options, assets: Number(values.n) });
    const pglite = values.only === 'postgres' ? undefined : await onPglite({ ...options, assets: Number(values['pglite-n']) });
    process.stdout.write(`${JSON.stringify({ ...(postgres ? { postgres } : {}), ...(pglite ? { pglite } : {}) })}\n`);
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = createLogger({ level: 'silent' });

type Built = { buildSeconds: number; bytes: number };

/** What is said beside a database that was filled to its end; one that was not is begun anew. */
const notesOf = (folder: string): { read(): Promise<Built | undefined>; write(built: Built): Promise<void> } => {
  const file = `${folder}.json`;
  return {
    read: async () => readFile(file, 'utf8').then((text) => JSON.parse(text) as Built, async () => void (await rm(folder, { recursive: true, force: true }))),
    write: (built) => writeFile(file, JSON.stringify(built)),
  };
};

async function filled(db: Database, parameters: { assets: number; notes: ReturnType<typeof notesOf>; built: Built | undefined }): Promise<Built> {
  const { assets, notes, built } = parameters;
  if (built) {
    say(`  kept from an earlier call, which built it in ${built.buildSeconds} s`);
    return built;
  }
  const { buildSeconds } = await fillDatabase(db, assets, say);
  const fresh = { buildSeconds, bytes: await bytesOf(db) };
  await db.pool.query('CHECKPOINT');
  await notes.write(fresh);
  return fresh;
}

async function onPostgres({ assets, seconds, folder, asking }: Options): Promise<Record<string, number> | undefined> {
  const programs = findPostgres(process.env['PATH'] ?? '');
  if (!programs) {
    say('PostgreSQL is not installed (Debian: apt-get install postgresql): nothing is measured on it.');
    return undefined;
  }
  say(`PostgreSQL, ${assets} assets`);
  const data = path.join(folder, `postgres-${assets}`);
  const notes = notesOf(data);
  const built = await notes.read();
  const server = await startPostgres(programs, serverOptions, data);
  try {
    const db = await openDatabase({ url: server.url, log });
    try {
      const { buildSeconds, bytes } = await filled(db, { assets, notes, built });
      if (!asking) return { n: assets, buildSeconds, bytes };
      await warm(db);
      const { p50, p99 } = await measured(db, seconds);
      const recall20 = await measureRecall(db, recallQueries);
      return { n: assets, p50, p99, recall20, buildSeconds, bytes };
    } finally {
      await db.close();
    }
  } finally {
    await server.stop();
  }
}

async function onPglite({ assets, seconds, folder, asking }: Options): Promise<Record<string, number>> {
  say(`PGlite, ${assets} assets`);
  const data = path.join(folder, `pglite-${assets}`);
  const notes = notesOf(data);
  const built = await notes.read();
  const db = await openDatabase({ folder: data, log });
  try {
    await filled(db, { assets, notes, built });
    if (!asking) return { n: assets };
    const { p50, p99, maxBlockMs } = await measured(db, seconds);
    return { n: assets, p50, p99, maxBlockMs };
  } finally {
    await db.close();
  }
}

async function measured(db: Database, seconds: number): ReturnType<typeof measureLatency> {
  const latency = await measureLatency(db, { rate: ratePerSecond, seconds });
  for (const { query, ms } of latency.slowest) say(`  ${ms} ms: ${new URLSearchParams(query)}`);
  if (latency.failed > 0) say(`  ${latency.failed} searches were not answered`);
  say(`  ${latency.cpuMs} ms of this process's time for each search; the thread that asks worked ${latency.maxWorkMs} ms at once at most`);
  return latency;
}

/** A server that has run for a while has read what is asked for. */
async function warm(db: Database): Promise<void> {
  const begun = performance.now();
  try {
    await db.pool.query('CREATE EXTENSION IF NOT EXISTS pg_prewarm');
    const { rows } = await db.pool.query<{ name: string }>("SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') AND c.relpages > 0 ORDER BY c.relname LIKE '%search%'");
    for (const { name } of rows) await db.pool.query('SELECT pg_prewarm($1::regclass, $2)', [name, name.includes('search') ? 'buffer' : 'read']);
    say(`  its files read into memory in ${Math.round((performance.now() - begun) / 1_000)} s`);
  } catch (error) {
    say(`  its files were not read into memory before: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Of the table with its indexes, and of the words. */
async function bytesOf(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ bytes: bigint }>("SELECT pg_total_relation_size('asset_search') + pg_total_relation_size('search_words') AS bytes");
  return Number(rows[0]?.bytes ?? 0);
}
