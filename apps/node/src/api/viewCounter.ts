import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../common/logger.ts';
import type { Database } from '../db/openDatabase.ts';
import { assetViews } from '../db/schema.ts';

const day = 86_400;
/** Visitors that are told apart in a day; beyond it nobody is counted any more, so that memory stays bounded. */
const mostMarks = 1_000_000;

export type ViewCounter = {
  /** Counts somebody at an address, once a day and asset. */
  saw(assetId: number, address: string): void;
  /** Writes what was counted since the last time. */
  flush(): Promise<void>;
};

/**
 * Counts visitors without keeping who they were: a visitor is told apart by a salted digest of address and asset, which
 * stays in memory, never leaves it, and goes with its salt at midnight (UTC). Only numbers are written. After a restart somebody may
 * count a second time that day.
 */
export function createViewCounter(parameters: { db: Database; now?: () => number }): ViewCounter {
  const { db, now = () => Math.floor(Date.now() / 1_000) } = parameters;
  let today = 0;
  let salt = randomBytes(32);
  let marks = new Set<string>();
  let counted = new Map<string, { assetId: number; day: number; visitors: number }>();
  return {
    saw: (assetId, address) => {
      const at = Math.floor(now() / day) * day;
      if (at !== today) [today, salt, marks] = [at, randomBytes(32), new Set()];
      const mark = createHash('sha256').update(salt).update(`${assetId} ${address}`).digest('base64').slice(0, 22);
      if (marks.has(mark) || marks.size >= mostMarks) return;
      marks.add(mark);
      const key = `${assetId} ${at}`;
      const before = counted.get(key);
      counted.set(key, { assetId, day: at, visitors: (before?.visitors ?? 0) + 1 });
    },
    flush: async () => {
      const rows = [...counted.values()];
      counted = new Map();
      for (let start = 0; start < rows.length; start += 500) {
        await db.orm.insert(assetViews).values(rows.slice(start, start + 500)).onConflictDoUpdate({ target: [assetViews.assetId, assetViews.day], set: { visitors: sql`${assetViews.visitors} + excluded.visitors` } });
      }
    },
  };
}

const flushMs = 10_000;

/** Counts whoever is shown an asset's page, also from what is held or was not changed. Returns what ends it. */
export function addViewCounter(app: FastifyInstance, { db, log }: { db: Database; log: Log }): () => Promise<void> {
  const views = createViewCounter({ db });
  const flush = (): Promise<void> => views.flush().catch((error: unknown) => log.warn({ error: String(error) }, 'views were not counted'));
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.url === '/api/v1/assets/:assetId' && (reply.statusCode === 200 || reply.statusCode === 304)) views.saw(Number((request.params as { assetId: string }).assetId), request.ip);
    done();
  });
  const timer = setInterval(() => void flush(), flushMs).unref();
  return async () => {
    clearInterval(timer);
    await flush();
  };
}
