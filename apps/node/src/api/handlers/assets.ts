import { NeuroError } from '@neurodata/protocol';
import type { AssetDto, VersionDto } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { asc, count, desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { assets, lineage, listings, reviews, versions } from '../../db/schema.ts';
import { assetActivity } from '../reads/activity.ts';
import { present } from '../reads/present.ts';
import { newestRounds } from '../reads/rounds.ts';
import { matching, searchWords } from '../reads/search.ts';
import { offers, readSummaries, readSummaryRows, titlesOf, toSummary } from '../reads/summaries.ts';
import { whyHidden } from '../reads/trust.ts';
import type { Handler, HandlerRequest } from './Handler.ts';

const pageSize = 24;

export const listAssets: Handler<'listAssets'> = async ({ db }, { query }) => {
  const { limit = pageSize } = query;
  const words = searchWords(query.q ?? '');
  if (query.q?.trim() && words.length === 0) return { items: [] };
  const ids = await choosePage(db, { query, words, limit: limit + 1 });
  const items = await readSummaries(db, ids.slice(0, limit));
  const next = isKeyed(query, words) ? ids[limit - 1] : (query.cursor ?? 0) + limit;
  return present({ items, next: ids.length > limit ? next : undefined });
};

type AssetsQuery = HandlerRequest<'listAssets'>['query'];

/** Newest first goes on after an asset id; every other order goes on after a count. */
const isKeyed = (query: AssetsQuery, words: string[]): boolean => words.length === 0 && (query.sort ?? 'newest') === 'newest';

/** The ids of a page, in order. Only these get texts, prices and counts: making them for every asset takes a second at 20,000. */
async function choosePage(db: Database, parameters: { query: AssetsQuery; words: string[]; limit: number }): Promise<number[]> {
  const { query, words, limit } = parameters;
  const { cursor, kind, owner, curation = 'listed', sort = words.length > 0 ? 'match' : 'newest' } = query;
  const keyed = isKeyed(query, words);
  const conditions = [
    sql`EXISTS (SELECT 1 FROM versions v WHERE v.asset_id = a.asset_id)`,
    ...(curation === 'all' ? [] : [curation === 'listed' ? sql`a.curation_status <> 'suspended' AND NOT EXISTS (SELECT 1 FROM assets whole WHERE whole.sample_asset_id = a.asset_id) AND NOT EXISTS (SELECT 1 FROM hidden_subjects h WHERE h.subject = 'asset:' || a.asset_id)` : sql`a.curation_status = 'suspended'`]),
    ...(kind ? [sql`a.kind = ${kind}`] : []),
    ...(owner ? [sql`a.owner = ${getAddress(owner)}`] : []),
    ...(keyed && cursor !== undefined ? [sql`a.asset_id < ${cursor}`] : []),
  ];
  const { join, key } = sorts[sort];
  const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT a.asset_id FROM assets a ${words.length > 0 ? matching(words) : sql``} ${join}
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${key} a.asset_id DESC LIMIT ${limit} OFFSET ${keyed ? 0 : (cursor ?? 0)}`);
  return rows.map((row) => Number(row.asset_id));
}

const sorts: Record<'match' | 'newest' | 'popular' | 'price', { join: SQL; key: SQL }> = {
  newest: { join: sql``, key: sql`` },
  match: { join: sql``, key: sql`hit.rank DESC,` },
  popular: {
    join: sql`LEFT JOIN (SELECT u.asset_id, count(*) AS uses FROM (SELECT asset_id FROM orders UNION ALL SELECT asset_id FROM jobs) u GROUP BY u.asset_id) u ON u.asset_id = a.asset_id`,
    key: sql`coalesce(u.uses, 0) DESC,`,
  },
  price: {
    join: sql`LEFT JOIN (SELECT l.asset_id, min(l.price) AS price FROM listings l JOIN (SELECT asset_id, max(version) AS version FROM versions GROUP BY asset_id) n ON n.asset_id = l.asset_id
      WHERE ${offers('download')} AND l.first_version <= n.version AND (l.last_version = 0 OR l.last_version >= n.version) GROUP BY l.asset_id) p ON p.asset_id = a.asset_id`,
    key: sql`p.price ASC NULLS LAST,`,
  },
};

export const getAsset: Handler<'getAsset'> = async ({ db }, { params }) => {
  const { assetId } = params;
  const [row] = await readSummaryRows(db, [assetId]);
  if (!row) throw new NeuroError(`There is no asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  const [asset, parents, versionList, listingList, derived, activity, ratings, sampleOf, hidden] = await Promise.all([
    db.orm.select().from(assets).where(eq(assets.assetId, assetId)), readParents(db, assetId), readVersions(db, assetId),
    db.orm.select().from(listings).where(eq(listings.assetId, assetId)).orderBy(desc(listings.listingId)).limit(500), readDerived(db, assetId), assetActivity(db, assetId), readRatings(db, assetId), readSampleOf(db, assetId), whyHidden(db, `asset:${assetId}`),
  ]);
  return present({
    ...toSummary(row), description: row.description ?? '', source: row.source, columnList: row.columns ?? [], versions: versionList, listings: listingList,
    lineage: parents, derived, activity, ratings, sampleAssetId: asset[0]?.sampleAssetId, sampleOf, hidden,
  });
};

async function readVersions(db: Database, assetId: number): Promise<VersionDto[]> {
  const rows = await db.orm.select().from(versions).where(eq(versions.assetId, assetId)).orderBy(desc(versions.version)).limit(500);
  const rounds = await newestRounds(db, rows.map((row) => row.subject));
  return rows.map(({ subject, ...row }) => present({ ...row, manifestCid: rawCidOfDigest(row.manifestDigest), round: rounds.get(subject) }));
}

async function readRatings(db: Database, assetId: number): Promise<AssetDto['ratings']> {
  const [row] = await db.orm.select({ count: count(), sum: sql<bigint>`coalesce(sum(${reviews.rating}), 0)` }).from(reviews).where(eq(reviews.assetId, assetId));
  return { count: row?.count ?? 0, sum: Number(row?.sum ?? 0) };
}

/** The oldest asset that this one is a sample of. */
async function readSampleOf(db: Database, assetId: number): Promise<AssetDto['sampleOf']> {
  const [row] = await db.orm.select({ assetId: assets.assetId, kind: assets.kind }).from(assets).where(eq(assets.sampleAssetId, assetId)).orderBy(asc(assets.assetId)).limit(1);
  return row && { ...row, title: (await titlesOf(db, [row.assetId]))(row.assetId) };
}

async function readParents(db: Database, assetId: number): Promise<AssetDto['lineage']> {
  const rows = await db.orm.select().from(lineage).where(eq(lineage.assetId, assetId)).orderBy(asc(lineage.parentAssetId), asc(lineage.parentVersion));
  const titleOf = await titlesOf(db, rows.map((row) => row.parentAssetId));
  return rows.map(({ parentAssetId, parentVersion, shareBps, jobId }) =>
    present({ kind: jobId === null ? 'declared' as const : 'run' as const, assetId: parentAssetId, title: titleOf(parentAssetId), version: parentVersion, shareBps, jobId }));
}

async function readDerived(db: Database, assetId: number): Promise<AssetDto['derived']> {
  const rows = await db.orm.selectDistinct({ assetId: assets.assetId, kind: assets.kind, jobId: assets.jobId }).from(lineage).innerJoin(assets, eq(assets.assetId, lineage.assetId))
    .where(eq(lineage.parentAssetId, assetId)).orderBy(asc(assets.assetId)).limit(200);
  const titleOf = await titlesOf(db, rows.map((row) => row.assetId));
  return rows.map((row) => present({ ...row, title: titleOf(row.assetId) }));
}

export const getListing: Handler<'getListing'> = async ({ db }, { params }) => {
  const [row] = await db.orm.select().from(listings).where(eq(listings.listingId, params.listingId));
  if (!row) throw new NeuroError(`There is no listing ${params.listingId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new listing appears when its block is indexed.' });
  return row;
};
