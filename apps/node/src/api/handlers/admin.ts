import { NeuroError, curationAbi } from '@neurodata/protocol';
import type { AuditItem } from '@neurodata/protocol';
import { and, asc, desc, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm';
import { encodeFunctionData } from 'viem';
import type { Address } from 'viem';
import { recordAudit } from '../../audit/recordAudit.ts';
import type { Database } from '../../db/openDatabase.ts';
import { auditLog, hiddenSubjects, reports } from '../../db/schema.ts';
import { assetsOf, dismissReport as dismiss, decideAppeal as decide, hideSubject as hide, showSubject as show, walletsOf } from '../../trust/index.ts';
import { pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import { readSummaries } from '../reads/summaries.ts';
import { toAdminReports, toHidden, toReports } from '../reads/trust.ts';
import type { Door, Handler, HandlerContext } from './Handler.ts';
import { only } from './trust.ts';

const done = { done: true } as const;
const decisionOf = (principal: { userId: string }, door: Door, reason: string) => ({ actor: principal.userId, requestId: door.requestId, reason });

/** Reported assets, the longest waiting first, then pending ones, the oldest first. Goes on after a count. */
export const listCurationQueue: Handler<'listCurationQueue'> = async ({ db }, { query }) => {
  const { limit = pageSize, cursor = 0 } = query;
  const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT x.asset_id FROM (
      SELECT o.asset_id, min(o.created_at) AS since, 0 AS part FROM (
        SELECT coalesce(r.asset_id, substr(p.subject, 7)::bigint) AS asset_id, p.created_at FROM (SELECT subject, created_at FROM reports WHERE state = 'open') p
          LEFT JOIN reviews r ON p.subject = 'review:' || r.order_id WHERE r.asset_id IS NOT NULL OR p.subject LIKE 'asset:%'
      ) o GROUP BY o.asset_id
      UNION ALL
      SELECT a.asset_id, a.published_at, 1 FROM assets a WHERE a.curation_status = 'pending'
    ) x GROUP BY x.asset_id ORDER BY min(x.part), min(x.since), x.asset_id LIMIT ${limit + 1} OFFSET ${cursor}`);
  const ids = rows.slice(0, limit).map((row) => Number(row.asset_id));
  return present({ items: await toQueue(db, ids), next: rows.length > limit ? cursor + limit : undefined });
};

async function toQueue(db: Database, ids: number[]) {
  if (ids.length === 0) return [];
  const [summaries, open, hidden] = await Promise.all([
    readSummaries(db, ids),
    db.orm.select().from(reports).where(eq(reports.state, 'open')).orderBy(asc(reports.createdAt)).limit(2_000),
    db.orm.select().from(hiddenSubjects).where(inArray(hiddenSubjects.subject, ids.map((id) => `asset:${id}`))),
  ]);
  const assetOf = await assetsOf(db.orm, open.map((row) => row.subject));
  const [reportList, hiddenList] = await Promise.all([toReports(db, open.filter((row) => ids.includes(assetOf.get(row.subject) ?? 0))), toHidden(db, hidden)]);
  return summaries.map((asset) => present({
    asset, hidden: hiddenList.find(({ subject }) => subject === `asset:${asset.assetId}`),
    reports: reportList.filter(({ assetId }) => assetId === asset.assetId),
  }));
}

/** What each deed is called in the log, for people. */
const deeds = { approve: 'Approve', suspend: 'Suspend', reinstate: 'Reinstate' } as const;

export const prepareCuration: Handler<'prepareCuration'> = async (context, { params, body, principal, door }) => {
  const { db, config } = context;
  const { action, reason } = body;
  const subject = `asset:${params.assetId}`;
  const wallets = await walletsOf(db.orm, principal.userId);
  const senders = (await Promise.all(wallets.map(async (wallet) => ((await isCurator(context, wallet)) ? [wallet] : [])))).flat();
  if (senders.length === 0) throw new NeuroError('None of your wallets is a curator on chain.', { code: 'FORBIDDEN', remedy: 'Link the wallet that is, or hide the asset on this node.' });
  const [asset] = await readSummaries(db, [params.assetId]);
  if (!asset) throw new NeuroError(`There is no asset ${params.assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  const data = encodeFunctionData({ abi: curationAbi, functionName: action, args: [BigInt(params.assetId), reason] });
  await db.orm.transaction(async (tx) => {
    await recordAudit(tx, { actor: principal.userId, action: `${action} prepared`, subject, reason, details: { senders }, requestId: door.requestId });
  });
  return { chainId: config.deployment.chainId, to: config.deployment.addresses.curation, data, value: 0n, sentence: `${deeds[action]} asset ${params.assetId} (${asset.title}): ${reason}`, senders };
};

function isCurator({ config, client }: HandlerContext, account: Address): Promise<boolean> {
  return client.readContract({ address: config.deployment.addresses.curation, abi: curationAbi, functionName: 'isCurator', args: [account] });
}

/** Goes on after a count: reports are few, and decided ones stay where they are. */
export const listReports: Handler<'listReports'> = async ({ db }, { query }) => {
  const { limit = pageSize, cursor = 0, state, subject } = query;
  const rows = await db.orm.select().from(reports).where(and(state ? eq(reports.state, state) : undefined, subject ? eq(reports.subject, subject) : undefined))
    .orderBy(desc(reports.createdAt), desc(reports.reportId)).limit(limit + 1).offset(cursor);
  return present({ items: await toAdminReports(db, rows.slice(0, limit)), next: rows.length > limit ? cursor + limit : undefined });
};

export const dismissReport: Handler<'dismissReport'> = async ({ db }, { params, body, principal, door }) =>
  only(await toAdminReports(db, [await dismiss(db, { ...params, ...decisionOf(principal, door, body.reason) })]));

export const listHidden: Handler<'listHidden'> = async ({ db }, { query }) => {
  const { limit = pageSize, cursor = 0, appeal } = query;
  const rows = await db.orm.select().from(hiddenSubjects).where(appeal ? eq(hiddenSubjects.appeal, appeal) : undefined).orderBy(desc(hiddenSubjects.hiddenAt), asc(hiddenSubjects.subject)).limit(limit + 1).offset(cursor);
  return present({ items: await toHidden(db, rows.slice(0, limit)), next: rows.length > limit ? cursor + limit : undefined });
};

export const hideSubject: Handler<'hideSubject'> = async ({ db, notifications }, { body, principal, door }) =>
  only(await toHidden(db, [await hide(db, notifications.tell, { subject: body.subject, ...decisionOf(principal, door, body.reason) })]));

export const showSubject: Handler<'showSubject'> = async ({ db, notifications }, { params, body, principal, door }) => {
  await show(db, notifications.tell, { ...params, ...decisionOf(principal, door, body.reason) });
  return done;
};

export const decideAppeal: Handler<'decideAppeal'> = async ({ db, notifications }, { params, body, principal, door }) => {
  await decide(db, notifications.tell, { ...params, granted: body.granted, ...decisionOf(principal, door, body.reason) });
  return done;
};

export const listAudit: Handler<'listAudit'> = async ({ db }, { query }) => {
  const { limit = pageSize, cursor, actor, action, subject, from, to } = query;
  const rows = await db.orm.select().from(auditLog).where(and(
    cursor === undefined ? undefined : lt(auditLog.id, cursor), actor ? eq(auditLog.actor, actor) : undefined, action ? eq(auditLog.action, action) : undefined, subject ? eq(auditLog.subject, subject) : undefined,
    from === undefined ? undefined : gte(auditLog.at, from), to === undefined ? undefined : lte(auditLog.at, to),
  )).orderBy(desc(auditLog.id)).limit(limit + 1);
  const items: AuditItem[] = rows.slice(0, limit).map((row) => present(row));
  return present({ items, next: rows.length > limit ? items.at(-1)?.id : undefined });
};
