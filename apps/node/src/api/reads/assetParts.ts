import type { Activity, AssetDto, AssetKind, ListingDto, ParentDto, ReviewDto, VersionDto } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { and, asc, count, desc, eq, getTableColumns, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '../../db/openDatabase.ts';
import { assets, events, hiddenSubjects, lineage, listings, reviews, versions } from '../../db/schema.ts';
import { activityColumns, toActivity } from './activity.ts';
import { before, nextOf } from './pages.ts';
import { present } from './present.ts';
import { newestRounds } from './rounds.ts';
import { titlesOf } from './summaries.ts';
import { reviewColumns, toReviews } from './trust.ts';

/** What hangs on assets, for many of them at once: one or two statements each, however many assets are asked for. */

type ByAsset<T> = Map<number, T>;

const mostVersions = 500;
const mostListings = 500;
const mostDerived = 200;
const longestActivity = 200;

/** Newest first. */
export async function versionsByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<VersionDto[]>> {
  const ranked = db.orm.select({ ...getTableColumns(versions), place: sql<bigint>`row_number() OVER (PARTITION BY ${versions.assetId} ORDER BY ${versions.version} DESC)`.as('place') })
    .from(versions).where(inArray(versions.assetId, [...assetIds])).as('ranked');
  const rows = await db.orm.select().from(ranked).where(lte(ranked.place, BigInt(mostVersions))).orderBy(desc(ranked.version));
  const rounds = await newestRounds(db, rows.map((row) => row.subject));
  return grouped(rows, (row) => row.assetId, ({ subject, ...row }) => present({ ...row, manifestCid: rawCidOfDigest(row.manifestDigest), round: rounds.get(subject) }));
}

/** Newest first. */
export async function listingsByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<ListingDto[]>> {
  const ranked = db.orm.select({ ...getTableColumns(listings), place: sql<bigint>`row_number() OVER (PARTITION BY ${listings.assetId} ORDER BY ${listings.listingId} DESC)`.as('place') })
    .from(listings).where(inArray(listings.assetId, [...assetIds])).as('ranked');
  return grouped(await db.orm.select().from(ranked).where(lte(ranked.place, BigInt(mostListings))).orderBy(desc(ranked.listingId)), (row) => row.assetId, (row) => row);
}

export async function parentsByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<ParentDto[]>> {
  const rows = await db.orm.select({ ...getTableColumns(lineage), status: versions.status }).from(lineage)
    .leftJoin(versions, and(eq(versions.assetId, lineage.parentAssetId), eq(versions.version, lineage.parentVersion)))
    .where(inArray(lineage.assetId, [...assetIds])).orderBy(asc(lineage.parentAssetId), asc(lineage.parentVersion));
  const titleOf = await titlesOf(db, rows.map((row) => row.parentAssetId));
  return grouped(rows, (row) => row.assetId, ({ parentAssetId, parentVersion, shareBps, jobId, status }) =>
    present({ kind: jobId === null ? 'declared' as const : 'run' as const, assetId: parentAssetId, title: titleOf(parentAssetId), version: parentVersion, shareBps, jobId, withdrawn: status === 'revoked' || status === 'refused' ? status : null }));
}

export async function derivedByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<AssetDto['derived']>> {
  const children = db.orm.selectDistinct({ parent: lineage.parentAssetId, assetId: assets.assetId, kind: assets.kind, jobId: assets.jobId }).from(lineage).innerJoin(assets, eq(assets.assetId, lineage.assetId))
    .where(inArray(lineage.parentAssetId, [...assetIds])).as('children');
  const ranked = db.orm.select({ parent: children.parent, assetId: children.assetId, kind: children.kind, jobId: children.jobId, place: sql<bigint>`row_number() OVER (PARTITION BY ${children.parent} ORDER BY ${children.assetId})`.as('place') }).from(children).as('ranked');
  const rows = await db.orm.select().from(ranked).where(lte(ranked.place, BigInt(mostDerived))).orderBy(asc(ranked.assetId));
  const titleOf = await titlesOf(db, rows.map((row) => row.assetId));
  return grouped(rows, (row) => row.parent, ({ assetId, kind, jobId }) => present({ assetId, kind, jobId, title: titleOf(assetId) }));
}

/** The newest events of each asset's history, oldest first. */
export async function activityByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<Activity[]>> {
  const ranked = db.orm.select({ ...activityColumns, assetId: events.assetId, logIndex: events.logIndex, place: sql<bigint>`row_number() OVER (PARTITION BY ${events.assetId} ORDER BY ${events.block} DESC, ${events.logIndex} DESC)`.as('place') })
    .from(events).where(inArray(events.assetId, [...assetIds])).as('ranked');
  const rows = await db.orm.select().from(ranked).where(lte(ranked.place, BigInt(longestActivity))).orderBy(asc(ranked.block), asc(ranked.logIndex));
  return grouped(rows, (row) => row.assetId ?? 0, toActivity);
}

export async function ratingsByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<AssetDto['ratings']>> {
  const rows = await db.orm.select({ assetId: reviews.assetId, count: count(), sum: sql<bigint>`coalesce(sum(${reviews.rating}), 0)` }).from(reviews).where(inArray(reviews.assetId, [...assetIds])).groupBy(reviews.assetId);
  return new Map(rows.map((row) => [row.assetId, { count: row.count, sum: Number(row.sum) }]));
}

/** The assets that are samples of others, with the oldest of those. */
export async function wholesBySample(db: Database, assetIds: readonly number[]): Promise<ByAsset<{ assetId: number; kind: AssetKind; title: string }>> {
  const rows = await db.orm.select({ sample: assets.sampleAssetId, assetId: assets.assetId, kind: assets.kind }).from(assets).where(inArray(assets.sampleAssetId, [...assetIds])).orderBy(desc(assets.assetId));
  const titleOf = await titlesOf(db, rows.map((row) => row.assetId));
  return new Map(rows.map(({ sample, ...row }) => [sample ?? 0, { ...row, title: titleOf(row.assetId) }]));
}

/** The assets' samples. */
export async function samplesByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<number>> {
  const rows = await db.orm.select({ assetId: assets.assetId, sample: assets.sampleAssetId }).from(assets).where(inArray(assets.assetId, [...assetIds]));
  return new Map(rows.flatMap(({ assetId, sample }) => (sample === null ? [] : [[assetId, sample]])));
}

/** Why this node shows an asset in no list, of those that it does not show. */
export async function hiddenByAsset(db: Database, assetIds: readonly number[]): Promise<ByAsset<string>> {
  const rows = await db.orm.select({ subject: hiddenSubjects.subject, reason: hiddenSubjects.reason }).from(hiddenSubjects).where(inArray(hiddenSubjects.subject, assetIds.map((id) => `asset:${id}`)));
  return new Map(rows.map(({ subject, reason }) => [Number(subject.slice('asset:'.length)), reason]));
}

/** A page of each asset's reviews, newest first. */
export async function reviewsByAsset(db: Database, assetIds: readonly number[], page: { limit: number; cursor: number | undefined }): Promise<ByAsset<{ items: ReviewDto[]; next: number | undefined }>> {
  const ranked = db.orm.select({ orderId: reviews.orderId, place: sql<bigint>`row_number() OVER (PARTITION BY ${reviews.assetId} ORDER BY ${reviews.openedBlock} DESC, ${reviews.openedIndex} DESC)`.as('place') })
    .from(reviews).where(and(inArray(reviews.assetId, [...assetIds]), before(reviews, page.cursor))).as('ranked');
  const rows = await db.orm.select(reviewColumns).from(reviews).innerJoin(ranked, eq(ranked.orderId, reviews.orderId)).where(lte(ranked.place, BigInt(page.limit + 1))).orderBy(desc(reviews.openedBlock), desc(reviews.openedIndex));
  const pages = [...Map.groupBy(rows, ({ review }) => review.assetId)].map(([assetId, group]) => ({ assetId, shown: group.slice(0, page.limit), next: nextOf(group.map(({ review }) => review), page.limit) }));
  const documents = new Map((await toReviews(db, pages.flatMap(({ shown }) => shown))).map((document) => [document.orderId, document]));
  return new Map(pages.map(({ assetId, shown, next }) => [assetId, { items: shown.flatMap(({ review }) => documents.get(review.orderId) ?? []), next }]));
}

function grouped<R, T>(rows: R[], assetOf: (row: R) => number, toDto: (row: R) => T): ByAsset<T[]> {
  return new Map(Map.groupBy(rows, assetOf).entries().map(([assetId, group]) => [assetId, group.map(toDto)]));
}
