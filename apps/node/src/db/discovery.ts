import type { Category, Task } from '@neurodata/protocol';
import { bigint, boolean, customType, doublePrecision, integer, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { address, hex, whole } from './columns.ts';

/** Tables of `migrations/0014_discovery.sql`; what each one holds is said there. */

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({ dataType: () => 'bytea', toDriver: (value) => Buffer.from(value) });
const ofUser = { userId: text('user_id').notNull() };

export const assetSearch = pgTable('asset_search', {
  assetId: whole('asset_id').primaryKey(),
  listed: boolean('listed').notNull(),
  kind: text('kind').notNull(),
  owner: address('owner').notNull(),
  version: whole('version').notNull(),
  manifestDigest: hex('manifest_digest'),
  title: text('title'),
  category: text('category').$type<Category>().notNull(),
  task: text('task').$type<Task>().notNull(),
  columns: text('columns').array().notNull(),
  price: doublePrecision('price').notNull(),
  rowCount: whole('row_count').notNull(),
  quality: smallint('quality').notNull(),
  rating: integer('rating').notNull(),
  ratings: integer('ratings').notNull(),
  orders: integer('orders').notNull(),
  runs: integer('runs').notNull(),
  favourites: integer('favourites').notNull(),
  views: integer('views').notNull(),
  popularity: integer('popularity').notNull(),
  trend: doublePrecision('trend').notNull(),
  publishedAt: whole('published_at').notNull(),
  hot: boolean('hot').notNull().default(false),
  top: boolean('top').notNull().default(false),
  facets: text('facets').array().notNull(),
  document: tsvector('document').notNull(),
});

export const searchWords = pgTable('search_words', {
  word: text('word').primaryKey(),
  inTitle: boolean('in_title').notNull(),
  uses: integer('uses').notNull().default(1),
});

export const searchFacets = pgTable('search_facets', { facet: text('facet').primaryKey(), uses: integer('uses').notNull() });

export const searchStatistics = pgTable('search_statistics', {
  id: integer('id').primaryKey().default(1),
  assets: whole('assets').notNull(),
  hotFrom: integer('hot_from').notNull(),
  topFrom: integer('top_from'),
  countedAt: whole('counted_at').notNull(),
});

export const favourites = pgTable('favourites', { ...ofUser, assetId: whole('asset_id').notNull(), at: whole('at').notNull() }, (table) => [primaryKey({ columns: [table.userId, table.assetId] })]);

export const watches = pgTable('watches', {
  ...ofUser,
  assetId: whole('asset_id').notNull(),
  at: whole('at').notNull(),
  version: whole('version').notNull(),
  price: doublePrecision('price'),
}, (table) => [primaryKey({ columns: [table.userId, table.assetId] })]);

export const savedSearches = pgTable('saved_searches', {
  searchId: text('search_id').primaryKey(),
  ...ofUser,
  name: text('name').notNull(),
  query: text('query').notNull(),
  alerts: boolean('alerts').notNull(),
  lastAssetId: whole('last_asset_id').notNull(),
  createdAt: whole('created_at').notNull(),
});

export const discoveryAlerts = pgTable('discovery_alerts', {
  alertId: bigint('alert_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  ...ofUser,
  kind: text('kind').$type<'match' | 'version' | 'price'>().notNull(),
  assetId: whole('asset_id').notNull(),
  searchId: text('search_id'),
  key: text('key').notNull(),
  text: text('text').notNull(),
  at: whole('at').notNull(),
  seen: boolean('seen').notNull().default(false),
});

export const collections = pgTable('collections', {
  collectionId: text('collection_id').primaryKey(),
  ...ofUser,
  title: text('title').notNull(),
  description: text('description').notNull(),
  public: boolean('public').notNull(),
  curated: boolean('curated').notNull(),
  createdAt: whole('created_at').notNull(),
  changedAt: whole('changed_at').notNull(),
});

export const collectionItems = pgTable('collection_items', {
  collectionId: text('collection_id').notNull(),
  assetId: whole('asset_id').notNull(),
  note: text('note').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.collectionId, table.assetId] })]);

export const featuredAssets = pgTable('featured_assets', {
  assetId: whole('asset_id').primaryKey(),
  place: integer('place').notNull(),
  note: text('note').notNull(),
  at: whole('at').notNull(),
});

export const assetEmbeddings = pgTable('asset_embeddings', {
  assetId: whole('asset_id').notNull(),
  model: text('model').notNull(),
  manifestDigest: hex('manifest_digest').notNull(),
  vector: bytes('vector').notNull(),
}, (table) => [primaryKey({ columns: [table.assetId, table.model] })]);
