import { NeuroError } from '@neurodata/protocol';
import type { AssetDto, VersionDto } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { asc, desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { assets, listings, versions } from '../../db/schema.ts';
import { assetActivity } from '../reads/activity.ts';
import { present } from '../reads/present.ts';
import { newestRounds } from '../reads/rounds.ts';
import { matching, searchWords } from '../reads/search.ts';
import { readSummaryRows, titlesOf, toSummary } from '../reads/summaries.ts';
import type { Handler, HandlerRequest } from './Handler.ts';

const pageSize = 24;

export const listAssets: Handler<'listAssets'> = async ({ db }, { query }) => {
  const { limit = pageSize } = query;
  const words = searchWords(query.q ?? '');
  if (query.q?.trim() && words.length === 0) return { items: [] };
  const rows = await readSummaryRows(db, assetsClause({ query, words, limit: limit + 1 }));
  const items = rows.slice(0, limit).map(toSummary);
  const isKeyed = words.length === 0 && (query.sort ?? 'newest') === 'newest';
  const next = isKeyed ? items.at(-1)?.assetId : (query.cursor ?? 0) + limit;
  return present({ items, next: rows.length > limit ? next : undefined });
};

/** Newest first goes on after an asset id; every other order goes on after a count. */
function assetsClause(parameters: { query: HandlerRequest<'listAssets'>['query']; words: string[]; limit: number }): SQL {
  const { query, words, limit } = parameters;
  const { cursor, kind, owner, sort = words.length > 0 ? 'match' : 'newest' } = query;
  const isKeyed = words.length === 0 && sort === 'newest';
  const conditions = [
    ...(kind ? [sql`a.kind = ${kind}`] : []),
    ...(owner ? [sql`a.owner = ${getAddress(owner)}`] : []),
    ...(isKeyed && cursor !== undefined ? [sql`a.asset_id < ${cursor}`] : []),
  ];
  const order = {
    match: sql`hit.rank DESC, a.asset_id DESC`,
    newest: sql`a.asset_id DESC`,
    // The two counts again: PostgreSQL knows no aliases inside an ORDER BY expression.
    popular: sql`(SELECT count(*) FROM orders o WHERE o.asset_id = a.asset_id) + (SELECT count(*) FROM jobs j WHERE j.asset_id = a.asset_id) DESC, a.asset_id DESC`,
    price: sql`download_price ASC NULLS LAST, a.asset_id DESC`,
  }[sort];
  const where = conditions.length > 0 ? sql`WHERE ${sql.join(conditions, sql` AND `)}` : sql``;
  const offset = isKeyed ? 0 : (cursor ?? 0);
  return sql`${words.length > 0 ? matching(words) : sql``} ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`;
}

export const getAsset: Handler<'getAsset'> = async ({ db }, { params }) => {
  const { assetId } = params;
  const [row] = await readSummaryRows(db, sql`WHERE a.asset_id = ${assetId}`);
  if (!row) throw new NeuroError(`There is no asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  const [asset, versionList, listingList, derived, activity] = await Promise.all([
    db.orm.select().from(assets).where(eq(assets.assetId, assetId)), readVersions(db, assetId),
    db.orm.select().from(listings).where(eq(listings.assetId, assetId)).orderBy(desc(listings.listingId)).limit(500), readDerived(db, assetId), assetActivity(db, assetId),
  ]);
  return present({
    ...toSummary(row), description: row.description ?? '', source: row.source, columnList: row.columns ?? [], versions: versionList, listings: listingList,
    lineage: lineageOf(asset[0]), derived, activity,
  });
};

async function readVersions(db: Database, assetId: number): Promise<VersionDto[]> {
  const rows = await db.orm.select().from(versions).where(eq(versions.assetId, assetId)).orderBy(desc(versions.version)).limit(500);
  const rounds = await newestRounds(db, rows.map((row) => row.subject));
  return rows.map(({ subject, ...row }) => present({ ...row, manifestCid: rawCidOfDigest(row.manifestDigest), round: rounds.get(subject) }));
}

function lineageOf(row: typeof assets.$inferSelect | undefined): AssetDto['lineage'] {
  if (!row || row.jobId === null || row.parentAssetId === null || row.parentVersion === null || row.shareBps === null) return undefined;
  const { jobId, parentAssetId, parentVersion, shareBps } = row;
  return { jobId, parentAssetId, parentVersion, shareBps };
}

async function readDerived(db: Database, assetId: number): Promise<AssetDto['derived']> {
  const rows = await db.orm.select({ assetId: assets.assetId, jobId: assets.jobId }).from(assets).where(eq(assets.parentAssetId, assetId)).orderBy(asc(assets.assetId)).limit(200);
  const titleOf = await titlesOf(db, rows.map((row) => row.assetId));
  return rows.flatMap(({ assetId: id, jobId }) => (jobId === null ? [] : [{ assetId: id, title: titleOf(id), jobId }]));
}

export const getListing: Handler<'getListing'> = async ({ db }, { params }) => {
  const [row] = await db.orm.select().from(listings).where(eq(listings.listingId, params.listingId));
  if (!row) throw new NeuroError(`There is no listing ${params.listingId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new listing appears when its block is indexed.' });
  return row;
};
