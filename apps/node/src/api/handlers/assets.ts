import { NeuroError } from '@neurodata/protocol';
import type { AssetDto } from '@neurodata/protocol';
import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { getAddress } from 'viem';
import { askAgain } from '../../db/askAgain.ts';
import type { Database } from '../../db/openDatabase.ts';
import { matchWords } from '../../discovery/index.ts';
import { listings } from '../../db/schema.ts';
import { activityByAsset, derivedByAsset, listingsByAsset, parentsByAsset, ratingsByAsset, samplesByAsset, versionsByAsset, wholesBySample } from '../reads/assetParts.ts';
import { present } from '../reads/present.ts';
import { readListed, readSummaryRows, toSummary } from '../reads/summaries.ts';
import { whyHidden } from '../reads/trust.ts';
import type { Handler, HandlerRequest } from './Handler.ts';

const pageSize = 24;

export const listAssets: Handler<'listAssets'> = async ({ db }, { query }) => {
  const { limit = pageSize } = query;
  const words = await matchWords(db, query.q ?? '');
  if (words === 'nothing') return { items: [] };
  const ids = await choosePage(db, { query, words, limit: limit + 1 });
  const items = await readListed(db, ids.slice(0, limit));
  const next = isKeyed(query, words) ? ids[limit - 1] : (query.cursor ?? 0) + limit;
  return present({ items, next: ids.length > limit ? next : undefined });
};

type AssetsQuery = HandlerRequest<'listAssets'>['query'];
type Words = Exclude<Awaited<ReturnType<typeof matchWords>>, 'nothing'>;

/** Newest first goes on after an asset id; every other order goes on after a count. */
const isKeyed = (query: AssetsQuery, words: Words): boolean => !words && (query.sort ?? 'newest') === 'newest';

/** Of more assets that have the words, some are taken and those put in order: ranking all takes seconds among a million. */
const mostRanked = 3_000;

/** The ids of a page, in order. Only these get texts, prices and counts: making them for every asset takes a second at 20,000. */
async function choosePage(db: Database, parameters: { query: AssetsQuery; words: Words; limit: number }): Promise<number[]> {
  const { query, words, limit } = parameters;
  const { cursor, kind, owner, curation = 'listed', sort = words ? 'match' : 'newest' } = query;
  const keyed = isKeyed(query, words);
  const conditions = [
    ...(curation === 'all' ? [] : [curation === 'listed' ? sql`s.listed` : sql`EXISTS (SELECT 1 FROM assets a WHERE a.asset_id = s.asset_id AND a.curation_status = 'suspended')`]),
    ...(kind ? [sql`s.kind = ${kind}`] : []),
    ...(owner ? [sql`s.owner = ${getAddress(owner)}`] : []),
    ...(keyed && cursor !== undefined ? [sql`s.asset_id < ${cursor}`] : []),
    ...(words ? [words.condition] : [sql`true`]),
  ];
  const found = sql`SELECT s.asset_id, s.popularity, s.price, ${words ? words.score : sql`0`} AS score FROM asset_search s WHERE ${sql.join(conditions, sql` AND `)}`;
  const rows = await askAgain<{ asset_id: bigint }>(db, sql`SELECT s.asset_id FROM (${found} ${words ? sql`LIMIT ${mostRanked}` : sql``}) s ORDER BY ${sorts[sort]} s.asset_id DESC LIMIT ${limit} OFFSET ${keyed ? 0 : (cursor ?? 0)}`);
  return rows.map((row) => Number(row.asset_id));
}

const sorts: Record<'match' | 'newest' | 'popular' | 'price', SQL> = { newest: sql``, match: sql`s.score DESC,`, popular: sql`s.popularity DESC,`, price: sql`s.price,` };

export const getAsset: Handler<'getAsset'> = async ({ db }, { params: { assetId } }) => {
  const found = await readAsset(db, assetId);
  if (!found) throw new NeuroError(`There is no asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  return found;
};

/** An asset with all its parts; undefined where there is none. */
export async function readAsset(db: Database, assetId: number): Promise<AssetDto | undefined> {
  const [row] = await readSummaryRows(db, [assetId]);
  if (!row) return undefined;
  const ids = [assetId];
  const [samples, parents, versionList, listingList, derived, activity, ratings, wholes, hidden] = await Promise.all([
    samplesByAsset(db, ids), parentsByAsset(db, ids), versionsByAsset(db, ids), listingsByAsset(db, ids), derivedByAsset(db, ids), activityByAsset(db, ids), ratingsByAsset(db, ids), wholesBySample(db, ids), whyHidden(db, `asset:${assetId}`),
  ]);
  return present({
    ...toSummary(row), description: row.description ?? '', source: row.source, columnList: row.columns ?? [], versions: versionList.get(assetId) ?? [], listings: listingList.get(assetId) ?? [],
    lineage: parents.get(assetId) ?? [], derived: derived.get(assetId) ?? [], activity: activity.get(assetId) ?? [], ratings: ratings.get(assetId) ?? { count: 0, sum: 0 },
    sampleAssetId: samples.get(assetId), sampleOf: wholes.get(assetId), hidden,
  });
}

export const getListing: Handler<'getListing'> = async ({ db }, { params }) => {
  const [row] = await db.orm.select().from(listings).where(eq(listings.listingId, params.listingId));
  if (!row) throw new NeuroError(`There is no listing ${params.listingId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new listing appears when its block is indexed.' });
  return row;
};
