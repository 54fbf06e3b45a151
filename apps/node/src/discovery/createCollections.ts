import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { Collection, UserRole } from '@neurodata/protocol';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { recordAudit } from '../audit/recordAudit.ts';
import { storable } from '../common/storable.ts';
import type { Transaction } from '../db/openDatabase.ts';
import { collectionItems, collections, featuredAssets } from '../db/schema.ts';
import { assetOf, checkRoom } from './createLists.ts';
import type { ListDeps } from './createLists.ts';

export type Item = { assetId: number; note: string; at: number };
type Input = { title: string; description: string; public: boolean };
export type Collections = {
  /** Everybody's public ones, curators' first. */
  listPublic(page?: { limit?: number; after?: number }): Promise<Collection[]>;
  listOwn(userId: string): Promise<Collection[]>;
  /** A public one, or with `userId` one of that user's. Throws NOT_FOUND. */
  get(parameters: { collectionId: string; userId?: string }): Promise<{ collection: Collection; items: Item[] }>;
  create(parameters: { userId: string; roles: readonly UserRole[]; requestId: string; input: Input }): Promise<Collection>;
  change(parameters: { userId: string; collectionId: string; input: Input }): Promise<Collection>;
  delete(userId: string, collectionId: string): Promise<void>;
  addItem(parameters: { userId: string; collectionId: string; assetId: number; note: string }): Promise<void>;
  removeItem(parameters: { userId: string; collectionId: string; assetId: number }): Promise<void>;
  featured(): Promise<Item[]>;
  setFeatured(items: readonly { assetId: number; note: string }[], by: { actor: string; requestId: string }): Promise<void>;
};

const mostOwn = 100;
const mostItems = 500;

/** Throws FORBIDDEN for who is neither a curator nor an admin. */
export function checkCurator(roles: readonly UserRole[]): void {
  if (!roles.includes('curator') && !roles.includes('admin')) throw new NeuroError('This is for curators and admins only.', { code: 'FORBIDDEN', remedy: 'Ask an admin of this node.' });
}

/** Lists that curators and other users put together, and what is featured. */
export function createCollections({ db, now }: ListDeps): Collections {
  const read = async (where: SQL | undefined, limit: number, after = 0): Promise<Collection[]> => {
    const size = sql<bigint>`(SELECT count(*) FROM collection_items i WHERE i.collection_id = collections.collection_id)`;
    const rows = await db.orm.select({ row: collections, size }).from(collections).where(where).orderBy(desc(collections.curated), desc(collections.changedAt), asc(collections.collectionId)).limit(limit).offset(after);
    return rows.map(({ row, size: count }) => ({ ...partOf(row), size: Number(count) }));
  };
  const getOwn = async (userId: string, collectionId: string): Promise<Collection> => (await read(and(eq(collections.collectionId, collectionId), eq(collections.userId, userId)), 1))[0] ?? missing();
  /** Changes one of the user's own and says when. */
  const touch = async (tx: Transaction, { userId, collectionId, input }: { userId: string; collectionId: string; input?: Partial<Input> }): Promise<void> => {
    const { rowCount } = await tx.update(collections).set({ ...input, changedAt: now() }).where(and(eq(collections.collectionId, collectionId), eq(collections.userId, userId)));
    if (rowCount === 0) missing();
  };
  return {
    listPublic: ({ limit = 50, after = 0 } = {}) => read(eq(collections.public, true), limit, after),
    listOwn: (userId) => read(eq(collections.userId, userId), mostOwn),
    get: async ({ collectionId, userId }) => {
      const [collection = missing()] = await read(and(eq(collections.collectionId, collectionId), userId === undefined ? eq(collections.public, true) : eq(collections.userId, userId)), 1);
      const items = await db.orm.select({ assetId: collectionItems.assetId, note: collectionItems.note, at: collectionItems.at }).from(collectionItems).where(eq(collectionItems.collectionId, collectionId)).orderBy(desc(collectionItems.at), desc(collectionItems.assetId)).limit(mostItems);
      return { collection, items };
    },
    create: ({ userId, roles, requestId, input }) => db.orm.transaction(async (tx) => {
      await checkRoom(tx, sql`SELECT 1 FROM collections WHERE user_id = ${userId}`, mostOwn);
      const row = { ...clean(input), collectionId: randomUUID(), curated: roles.includes('curator') || roles.includes('admin'), createdAt: now(), changedAt: now() };
      await tx.insert(collections).values({ ...row, userId });
      if (row.curated) await recordAudit(tx, { actor: userId, action: 'collection made', subject: `collection:${row.collectionId}`, details: { title: row.title }, requestId });
      return { ...row, size: 0 };
    }),
    change: async ({ userId, collectionId, input }) => {
      await db.orm.transaction((tx) => touch(tx, { userId, collectionId, input: clean(input) }));
      return getOwn(userId, collectionId);
    },
    delete: async (userId, collectionId) => {
      const { rowCount } = await db.orm.delete(collections).where(and(eq(collections.collectionId, collectionId), eq(collections.userId, userId)));
      if (rowCount === 0) missing();
    },
    addItem: ({ userId, collectionId, assetId, note }) => db.orm.transaction(async (tx) => {
      await touch(tx, { userId, collectionId });
      await assetOf(tx, assetId);
      await checkRoom(tx, sql`SELECT 1 FROM collection_items WHERE collection_id = ${collectionId} AND asset_id <> ${assetId}`, mostItems);
      const item = { note: storable(note), at: now() };
      await tx.insert(collectionItems).values({ collectionId, assetId, ...item }).onConflictDoUpdate({ target: [collectionItems.collectionId, collectionItems.assetId], set: { note: item.note } });
    }),
    removeItem: ({ userId, collectionId, assetId }) => db.orm.transaction(async (tx) => {
      await touch(tx, { userId, collectionId });
      await tx.delete(collectionItems).where(and(eq(collectionItems.collectionId, collectionId), eq(collectionItems.assetId, assetId)));
    }),
    featured: () => db.orm.select({ assetId: featuredAssets.assetId, note: featuredAssets.note, at: featuredAssets.at }).from(featuredAssets).orderBy(asc(featuredAssets.place)),
    setFeatured: (items, by) => db.orm.transaction(async (tx) => {
      const before = new Map((await tx.select().from(featuredAssets)).map(({ assetId, at }) => [assetId, at]));
      for (const { assetId } of items) await assetOf(tx, assetId);
      await tx.delete(featuredAssets);
      const unique = new Map(items.map((item) => [item.assetId, item]));
      const rows = [...unique.values()].map(({ assetId, note }, place) => ({ assetId, note: storable(note), place, at: before.get(assetId) ?? now() }));
      if (rows.length > 0) await tx.insert(featuredAssets).values(rows);
      await recordAudit(tx, { ...by, action: 'featured set', subject: 'featured', details: { before: [...before.keys()], after: rows.map(({ assetId }) => assetId) } });
    }),
  };
}

/** What of a row is told: not whose it is. */
const partOf = ({ collectionId, title, description, public: visible, curated, createdAt, changedAt }: typeof collections.$inferSelect): Omit<Collection, 'size'> =>
  ({ collectionId, title, description, public: visible, curated, createdAt, changedAt });

const clean = ({ title, description, public: visible }: Input): Input => ({ title: storable(title), description: storable(description), public: visible });

function missing(): never {
  throw new NeuroError('There is no such collection.', { code: 'NOT_FOUND', remedy: 'It may be private or deleted; look it up in the list.' });
}
