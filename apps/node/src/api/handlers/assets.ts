import { NeuroError } from '@neurodata/protocol';
import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { listings } from '../../db/schema.ts';
import { activityByAsset, derivedByAsset, listingsByAsset, parentsByAsset, ratingsByAsset, samplesByAsset, versionsByAsset, wholesBySample } from '../reads/assetParts.ts';
import { present } from '../reads/present.ts';
import { matching, searchWords } from '../reads/search.ts';
import { offers, readSummaries, readSummaryRows, toSummary } from '../reads/summaries.ts';
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
  const ids = [assetId];
  const [samples, parents, versionList, listingList, derived, activity, ratings, wholes, hidden] = await Promise.all([
    samplesByAsset(db, ids), parentsByAsset(db, ids), versionsByAsset(db, ids), listingsByAsset(db, ids), derivedByAsset(db, ids), activityByAsset(db, ids), ratingsByAsset(db, ids), wholesBySample(db, ids), whyHidden(db, `asset:${assetId}`),
  ]);
  return present({
    ...toSummary(row), description: row.description ?? '', source: row.source, columnList: row.columns ?? [], versions: versionList.get(assetId) ?? [], listings: listingList.get(assetId) ?? [],
    lineage: parents.get(assetId) ?? [], derived: derived.get(assetId) ?? [], activity: activity.get(assetId) ?? [], ratings: ratings.get(assetId) ?? { count: 0, sum: 0 },
    sampleAssetId: samples.get(assetId), sampleOf: wholes.get(assetId), hidden,
  });
};

export const getListing: Handler<'getListing'> = async ({ db }, { params }) => {
  const [row] = await db.orm.select().from(listings).where(eq(listings.listingId, params.listingId));
  if (!row) throw new NeuroError(`There is no listing ${params.listingId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new listing appears when its block is indexed.' });
  return row;
};
