import { randomUUID } from 'node:crypto';
import { NeuroError, searchQuerySchema } from '@neurodata/protocol';
import type { DiscoveryAlert, SavedSearch, SearchFilter } from '@neurodata/protocol';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { storable } from '../common/storable.ts';
import { assetSearch, discoveryAlerts, savedSearches } from '../db/schema.ts';
import { checkRoom } from './createLists.ts';
import type { ListDeps } from './createLists.ts';

export type SavedSearches = {
  list(userId: string): Promise<SavedSearch[]>;
  save(parameters: { userId: string; name: string; query: string; alerts: boolean }): Promise<SavedSearch>;
  delete(userId: string, searchId: string): Promise<void>;
  /** The last 200, newest first. */
  /** Newest first, those before one; 200 by default. */
  alerts(userId: string, part?: { before?: number | undefined; limit: number }): Promise<DiscoveryAlert[]>;
  markSeen(userId: string): Promise<void>;
};

const mostSaved = 100;

/** What a saved address asks for, without order and place; throws BAD_INPUT where a search would refuse it. */
export function readSavedQuery(query: string): SearchFilter {
  const parsed = searchQuerySchema.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!parsed.success) throw new NeuroError('This is no search.', { code: 'BAD_INPUT', details: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '), remedy: 'Save what stands behind `?` in a search\'s address.' });
  const { sort: _, facets: __, cursor: ___, limit: ____, ...filter } = parsed.data;
  return filter;
}

/** Searches that people keep, and what was found for them since. */
export function createSavedSearches({ db, now }: ListDeps): SavedSearches {
  return {
    list: async (userId) => {
      const rows = await db.orm.select().from(savedSearches).where(eq(savedSearches.userId, userId)).orderBy(desc(savedSearches.createdAt), savedSearches.searchId);
      return rows.map(({ searchId, name, query, alerts, createdAt }) => ({ searchId, name, query, alerts, createdAt }));
    },
    save: ({ userId, name, query, alerts }) => db.orm.transaction(async (tx) => {
      readSavedQuery(query);
      await checkRoom(tx, sql`SELECT 1 FROM saved_searches WHERE user_id = ${userId}`, mostSaved);
      const [newest] = await tx.select({ assetId: sql<bigint>`coalesce(max(${assetSearch.assetId}), 0)` }).from(assetSearch);
      const saved = { searchId: randomUUID(), name: storable(name), query: storable(query), alerts, createdAt: now() };
      await tx.insert(savedSearches).values({ ...saved, userId, lastAssetId: Number(newest?.assetId ?? 0) });
      return saved;
    }),
    delete: async (userId, searchId) => {
      const { rowCount } = await db.orm.delete(savedSearches).where(and(eq(savedSearches.userId, userId), eq(savedSearches.searchId, searchId)));
      if (rowCount === 0) throw new NeuroError('There is no such search of yours.', { code: 'NOT_FOUND', remedy: 'Look it up in the list.' });
    },
    alerts: async (userId, { before, limit } = { limit: 200 }) => {
      const rows = await db.orm.select().from(discoveryAlerts).where(and(eq(discoveryAlerts.userId, userId), before === undefined ? undefined : lt(discoveryAlerts.alertId, before))).orderBy(desc(discoveryAlerts.alertId)).limit(limit);
      return rows.map(({ alertId, kind, assetId, searchId, text, at, seen }) => ({ alertId, kind, assetId, text, at, seen, ...(searchId === null ? {} : { searchId }) }));
    },
    markSeen: async (userId) => {
      await db.orm.update(discoveryAlerts).set({ seen: true }).where(and(eq(discoveryAlerts.userId, userId), eq(discoveryAlerts.seen, false)));
    },
  };
}
