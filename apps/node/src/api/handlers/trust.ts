import { NeuroError } from '@neurodata/protocol';
import { desc, eq, inArray, sql } from 'drizzle-orm';
import { assets, hiddenSubjects, reports } from '../../db/schema.ts';
import { appealHidden as appeal, fileReport, saveReply, walletsOf } from '../../trust/index.ts';
import { readRatings, toHidden, toReports } from '../reads/trust.ts';
import { countedPage } from '../reads/pages.ts';
import type { Handler } from './Handler.ts';

/** The only one of a list that has one. */
export function only<T>(items: T[]): T {
  const [item] = items;
  if (item === undefined) throw new NeuroError('A row that was just written is gone.', { code: 'INTERNAL' });
  return item;
}

export const getRatings: Handler<'getRatings'> = async ({ db }, { params }) => {
  const [asset] = await db.orm.select({ assetId: assets.assetId }).from(assets).where(eq(assets.assetId, params.assetId));
  if (!asset) throw new NeuroError(`There is no asset ${params.assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  return readRatings(db, params.assetId);
};

export const replyToReview: Handler<'replyToReview'> = async ({ db, config, client, notifications }, { params, body }) => {
  const { signature, ...reply } = body;
  const { orderId: _, ...kept } = await saveReply({ db, tell: notifications.tell, config, client, reply: { ...reply, orderId: params.orderId }, signature });
  return kept;
};

export const report: Handler<'report'> = async ({ db }, { body, principal }) => only(await toReports(db, [await fileReport(db, { ...body, userId: principal.userId })]));

/** Goes on after a count. */
export const listOwnReports: Handler<'listOwnReports'> = async ({ db }, { principal, query: { cursor = 0, limit = 200 } }) => {
  const { items, ...next } = countedPage(await db.orm.select().from(reports).where(eq(reports.reporter, principal.userId)).orderBy(desc(reports.createdAt), desc(reports.reportId)).limit(limit + 1).offset(cursor), { cursor, limit });
  return { items: await toReports(db, items), ...next };
};

/** Assets by their owner now, reviews by their author. */
export const listOwnHidden: Handler<'listOwnHidden'> = async ({ db }, { principal }) => {
  const wallets = await walletsOf(db.orm, principal.userId);
  if (wallets.length === 0) return { items: [] };
  const list = sql.join(wallets.map((wallet) => sql`${wallet}`), sql`, `);
  const { rows } = await db.orm.execute<{ subject: string }>(sql`SELECT h.subject FROM hidden_subjects h JOIN assets a ON h.subject = 'asset:' || a.asset_id WHERE a.owner IN (${list})
    UNION ALL SELECT h.subject FROM hidden_subjects h JOIN reviews r ON h.subject = 'review:' || r.order_id WHERE r.reviewer IN (${list}) LIMIT 500`);
  if (rows.length === 0) return { items: [] };
  return { items: await toHidden(db, await db.orm.select().from(hiddenSubjects).where(inArray(hiddenSubjects.subject, rows.map((row) => row.subject))).orderBy(desc(hiddenSubjects.hiddenAt), hiddenSubjects.subject)) };
};

export const appealHidden: Handler<'appealHidden'> = async ({ db }, { params, body, principal }) => only(await toHidden(db, [await appeal(db, { ...params, ...body, userId: principal.userId })]));
