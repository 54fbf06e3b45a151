import { setTimeout as sleep } from 'node:timers/promises';
import { searchQuerySchema } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import { searchAssets } from '../../apps/node/src/api/handlers/discovery.ts';
import type { Database } from '../../apps/node/src/db/openDatabase.ts';
import { createDiscovery, matchWords } from '../../apps/node/src/discovery/index.ts';
import { makeQueries } from './queries.ts';
import type { BenchQuery } from './queries.ts';

/** `failed`: how many were not answered at all; they count with the time that they took. `cpuMs`: of this process, with the embedded database's thread. */
export type Latency = { failed: number; p50: number; p99: number; maxBlockMs: number; maxWorkMs: number; cpuMs: number; slowest: { query: BenchQuery; ms: number }[] };

const digits = (value: number, places = 1): number => Math.round(value * 10 ** places) / 10 ** places;

/** What the route's handler does, from the parsed query to the summaries. */
function createAsk(db: Database): (query: BenchQuery) => Promise<number[]> {
  const discovery = createDiscovery({ db });
  // The handler takes nothing else of its context.
  const context = { db, discovery } as Parameters<typeof searchAssets>[0];
  return async (query) => {
    const { items } = await searchAssets(context, { query: searchQuerySchema.parse(query) } as Parameters<typeof searchAssets>[1]);
    return items.map(({ assetId }) => assetId);
  };
}

/** Asks at fixed times, whether earlier ones were answered or not: waiting would hide how long they took. */
export async function measureLatency(db: Database, { rate, seconds }: { rate: number; seconds: number }): Promise<Latency> {
  const ask = createAsk(db);
  const warm = makeQueries(rate * 2 + rate * seconds);
  for (const query of warm.slice(0, rate * 2)) await ask(query);
  const times: { query: BenchQuery; ms: number }[] = [];
  let failed = 0;
  const block = watchThread();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(warm.slice(rate * 2).map(async (query, index) => {
    const at = begun + (index * 1_000) / rate;
    await sleep(Math.max(0, at - performance.now()));
    await ask(query).catch(() => { failed += 1; });
    times.push({ query, ms: performance.now() - at });
  }));
  const used = process.cpuUsage(cpu);
  const sorted = times.toSorted((a, b) => a.ms - b.ms);
  const at = (share: number): number => digits(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.ms ?? 0);
  return { failed, p50: at(0.5), p99: at(0.99), ...block(), cpuMs: digits((used.user + used.system) / 1_000 / times.length), slowest: sorted.slice(-5).map(({ query, ms }) => ({ query, ms: digits(ms) })) };
}

/** The longest time in which this thread could do nothing else, and the longest in which it worked itself: on a busy machine it also waits for a core. */
function watchThread(): () => { maxBlockMs: number; maxWorkMs: number } {
  const everyMs = 2;
  const worked = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let [last, lastWork, longest, longestWork] = [performance.now(), worked(), 0, 0];
  const timer = setInterval(() => {
    const [now, work] = [performance.now(), worked()];
    longest = Math.max(longest, now - last - everyMs);
    longestWork = Math.max(longestWork, work - lastWork);
    [last, lastWork] = [now, work];
  }, everyMs);
  return () => {
    clearInterval(timer);
    return { maxBlockMs: digits(longest), maxWorkMs: digits(longestWork) };
  };
}

/** The part of the twenty best by the whole ranking that a search gives, on average. */
export async function measureRecall(db: Database, most: number): Promise<number> {
  const ask = createAsk(db);
  const parts: number[] = [];
  for (const query of makeQueries(most * 4).filter(({ q, facets, sort }) => q && !facets && !sort).slice(0, most)) {
    const words = await matchWords(db, query['q']!);
    if (!words || words === 'nothing') continue;
    const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT asset_id FROM (SELECT s.asset_id, ${words.score} AS score FROM asset_search s WHERE s.listed AND ${words.condition}) s ORDER BY score DESC, asset_id DESC LIMIT 20`);
    if (rows.length === 0) continue;
    const found = new Set((await ask({ ...query, limit: '20' })));
    parts.push(rows.filter((row) => found.has(Number(row.asset_id))).length / rows.length);
  }
  return digits(parts.reduce((sum, part) => sum + part, 0) / Math.max(1, parts.length), 3);
}
