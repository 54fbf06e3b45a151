import { NeuroError } from '@neurodata/protocol';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { refreshSearch } from '../db/refreshSearch.ts';
import { assetSearch, favourites, watches } from '../db/schema.ts';

export type ListDeps = { db: Database; /** Unix seconds. */ now: () => number };
export type Listed = { assetId: number; at: number };
export type Lists = {
  favourites(userId: string): Promise<Listed[]>;
  addFavourite(userId: string, assetId: number): Promise<void>;
  removeFavourite(userId: string, assetId: number): Promise<void>;
  watched(userId: string): Promise<Listed[]>;
  addWatch(userId: string, assetId: number): Promise<void>;
  removeWatch(userId: string, assetId: number): Promise<void>;
};

const mostListed = 1_000;

/** Throws NOT_FOUND where there is no such asset to put on a list. */
export async function assetOf(tx: Pick<Transaction, 'select'>, assetId: number): Promise<{ version: number; price: number }> {
  const [row] = await tx.select({ version: assetSearch.version, price: assetSearch.price }).from(assetSearch).where(eq(assetSearch.assetId, assetId));
  if (!row) throw new NeuroError(`There is no asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  return row;
}

/** Throws CONFLICT where a list is full: rows are the node's to keep. */
export async function checkRoom(tx: Pick<Transaction, 'execute'>, rows: ReturnType<typeof sql>, most: number): Promise<void> {
  const { rows: [found] } = await tx.execute<{ count: bigint }>(sql`SELECT count(*) AS count FROM (${rows} LIMIT ${most}) x`);
  if (Number(found?.count ?? 0) >= most) throw new NeuroError(`This list is full: it holds ${most}.`, { code: 'CONFLICT', remedy: 'Remove something first.' });
}

/** Favourites, which count towards popularity, and watch lists. */
export function createLists({ db, now }: ListDeps): Lists {
  return {
    favourites: async (userId) => db.orm.select({ assetId: favourites.assetId, at: favourites.at }).from(favourites).where(eq(favourites.userId, userId)).orderBy(desc(favourites.at), desc(favourites.assetId)).limit(mostListed),
    addFavourite: (userId, assetId) => db.orm.transaction(async (tx) => {
      await assetOf(tx, assetId);
      await checkRoom(tx, sql`SELECT 1 FROM favourites WHERE user_id = ${userId} AND asset_id <> ${assetId}`, mostListed);
      const { rowCount } = await tx.insert(favourites).values({ userId, assetId, at: now() }).onConflictDoNothing();
      if (rowCount) await refreshSearch(tx, [assetId]);
    }),
    removeFavourite: (userId, assetId) => db.orm.transaction(async (tx) => {
      const { rowCount } = await tx.delete(favourites).where(and(eq(favourites.userId, userId), eq(favourites.assetId, assetId)));
      if (rowCount) await refreshSearch(tx, [assetId]);
    }),
    watched: async (userId) => db.orm.select({ assetId: watches.assetId, at: watches.at }).from(watches).where(eq(watches.userId, userId)).orderBy(desc(watches.at), desc(watches.assetId)).limit(mostListed),
    addWatch: (userId, assetId) => db.orm.transaction(async (tx) => {
      const { version, price } = await assetOf(tx, assetId);
      await checkRoom(tx, sql`SELECT 1 FROM watches WHERE user_id = ${userId} AND asset_id <> ${assetId}`, mostListed);
      await tx.insert(watches).values({ userId, assetId, at: now(), version, price: Number.isFinite(price) ? price : null }).onConflictDoNothing();
    }),
    removeWatch: async (userId, assetId) => {
      await db.orm.delete(watches).where(and(eq(watches.userId, userId), eq(watches.assetId, assetId)));
    },
  };
}
