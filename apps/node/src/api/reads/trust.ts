import { reviewWeight, weightedRating } from '@neurodata/protocol';
import type { AdminReport, Hidden, Ratings, Report, ReviewDto } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { inArray, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { hiddenSubjects, reports, reviews, sellerReplies } from '../../db/schema.ts';
import { assetsOf } from '../../trust/index.ts';
import type { HiddenRow } from '../../trust/index.ts';
import { present } from './present.ts';
import { titlesOf } from './summaries.ts';

/** Runs of the author of review `r` on the same asset that validators repeated. */
const verifiedRuns = sql<bigint>`(SELECT count(*) FROM jobs j WHERE j.asset_id = ${reviews.assetId} AND j.buyer = ${reviews.reviewer} AND j.state = 'settled')`;
export const reviewColumns = { review: reviews, verifiedRuns };

/** The documents of these rows, in their order. */
export async function toReviews(db: Database, rows: { review: typeof reviews.$inferSelect; verifiedRuns: bigint }[]): Promise<ReviewDto[]> {
  if (rows.length === 0) return [];
  const orderIds = rows.map(({ review }) => review.orderId);
  const [replies, hidden] = await Promise.all([
    db.orm.select().from(sellerReplies).where(inArray(sellerReplies.orderId, orderIds)),
    db.orm.select().from(hiddenSubjects).where(inArray(hiddenSubjects.subject, orderIds.map((id) => `review:${id}`))),
  ]);
  const replyOf = new Map(replies.map(({ orderId, ...reply }) => [orderId, reply]));
  const reasonOf = new Map(hidden.map(({ subject, reason }) => [subject, reason]));
  return rows.map(({ review, verifiedRuns: runs }) => {
    const hiddenBecause = reasonOf.get(`review:${review.orderId}`);
    const text = review.digest === null || hiddenBecause !== undefined ? { digest: undefined, textCid: undefined } : { digest: review.digest, textCid: rawCidOfDigest(review.digest) };
    return present({ ...review, ...text, verifiedRuns: Number(runs), weight: reviewWeight(Number(runs)), reply: replyOf.get(review.orderId), hidden: hiddenBecause });
  });
}

/** From all reviews: one row per number of stars and of verified runs. */
export async function readRatings(db: Database, assetId: number): Promise<Ratings> {
  const { rows } = await db.orm.execute<{ rating: number; runs: bigint; reviews: bigint }>(sql`SELECT x.rating, x.runs, count(*) AS reviews FROM (
      SELECT r.rating, (SELECT count(*) FROM jobs j WHERE j.asset_id = r.asset_id AND j.buyer = r.reviewer AND j.state = 'settled') AS runs FROM reviews r WHERE r.asset_id = ${assetId}
    ) x GROUP BY x.rating, x.runs ORDER BY x.rating DESC, x.runs DESC`);
  const each = rows.flatMap((row) => Array.from({ length: Number(row.reviews) }, () => ({ rating: row.rating, verifiedRuns: Number(row.runs) })));
  const parts = new Map<string, Ratings['parts'][number]>();
  for (const { rating, verifiedRuns: runs } of each) {
    const weight = reviewWeight(runs);
    const part = parts.get(`${rating} ${weight}`) ?? { rating, weight, reviews: 0 };
    parts.set(`${rating} ${weight}`, { ...part, reviews: part.reviews + 1 });
  }
  return { assetId, ...weightedRating(each), parts: [...parts.values()] };
}

async function namesOf(db: Database, subjects: string[]): Promise<(subject: string) => { assetId?: number; title?: string }> {
  const assetOf = await assetsOf(db.orm, [...new Set(subjects)]);
  const titleOf = await titlesOf(db, [...assetOf.values()]);
  return (subject) => {
    const assetId = assetOf.get(subject);
    return assetId === undefined ? {} : { assetId, title: titleOf(assetId) };
  };
}

type ReportRow = typeof reports.$inferSelect;

/** For whoever made them: without who that is. */
export async function toReports(db: Database, rows: ReportRow[]): Promise<Report[]> {
  const nameOf = await namesOf(db, rows.map((row) => row.subject));
  return rows.map(({ reportId, subject, reason, evidence, state, createdAt, decidedAt, decision }) => present({ reportId, subject, reason, evidence, state, createdAt, decidedAt, decision, ...nameOf(subject) }));
}

/** For curators, with who reported. */
export async function toAdminReports(db: Database, rows: ReportRow[]): Promise<AdminReport[]> {
  const made = await toReports(db, rows);
  return made.map((report, index) => present({ ...report, reporter: rows[index]?.reporter }));
}

export async function toHidden(db: Database, rows: HiddenRow[]): Promise<Hidden[]> {
  const nameOf = await namesOf(db, rows.map((row) => row.subject));
  return rows.map((row) => present({ ...row, ...nameOf(row.subject) }));
}

/** Why this node shows an asset in no list. */
export async function whyHidden(db: Database, subject: `asset:${number}` | `review:${Hex}`): Promise<string | undefined> {
  const [row] = await db.orm.select({ reason: hiddenSubjects.reason }).from(hiddenSubjects).where(inArray(hiddenSubjects.subject, [subject]));
  return row?.reason;
}
