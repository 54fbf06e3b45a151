import type { Config, SubscriptionDto } from '@neurodata/protocol';
import { asc, desc, inArray } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { keyGrants, keyRequests, listings, subscriptions, versions } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { readClock } from './clock.ts';
import { present } from './present.ts';
import { titlesOf } from './summaries.ts';

type Row = typeof subscriptions.$inferSelect;
type RequestRow = typeof keyRequests.$inferSelect;
type Ending = Pick<SubscriptionDto, 'refundable' | 'keptUntil' | 'cancelFrom'>;

/** The documents of these rows, in their order. */
export async function toSubscriptions(db: Database, config: Config, rows: Row[]): Promise<SubscriptionDto[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.subscriptionId);
  const [now, titleOf, requestsOf, tokens, activity] = await Promise.all([
    readClock(db), titlesOf(db, rows.map((row) => row.assetId)), readRequests(db, rows),
    db.orm.select({ listingId: listings.listingId, token: listings.token }).from(listings).where(inArray(listings.listingId, rows.map((row) => row.listingId))),
    activityOf(db, ids.map((id) => `subscription:${id}`)),
  ]);
  const tokenOf = new Map(tokens.map(({ listingId, token }) => [listingId, token]));
  return rows.map((row) => {
    const { subscriptionId, listingId, assetId, account, seller, price, period, startedAt, paidUntil, closed, held } = row;
    const requests = requestsOf(subscriptionId);
    return {
      subscriptionId, listingId, assetId, assetTitle: titleOf(assetId), account, seller, price, token: tokenOf.get(listingId) ?? null, period, startedAt, paidUntil,
      running: now < paidUntil, closed, held, ...endingOf({ row, requestedAt: requests[0]?.at ?? 0, grantWindow: config.windows.grant, now }), requests, activity: activity.get(`subscription:${subscriptionId}`) ?? [],
    };
  });
}

/** What cancelling would do now; mirrors `Subscriptions.cancel`. Times in Unix seconds. */
export function endingOf(parameters: { row: Pick<Row, 'price' | 'period' | 'paidUntil' | 'grantedUntil'>; requestedAt: number; grantWindow: number; now: number }): Ending {
  const { row: { price, period, paidUntil, grantedUntil }, requestedAt, grantWindow, now } = parameters;
  if (now >= paidUntil) return { refundable: 0n };
  const periodEnd = paidUntil - Math.floor((paidUntil - now - 1) / period) * period;
  const refund = (end: number): bigint => (price * BigInt(paidUntil - end)) / BigInt(period);
  if (grantedUntil >= periodEnd) return { refundable: refund(periodEnd), keptUntil: periodEnd };
  const cancelFrom = requestedAt + grantWindow + 1;
  return { refundable: refund(now), ...(grantedUntil <= requestedAt && now < cancelFrom ? { cancelFrom } : {}) };
}

async function readRequests(db: Database, rows: Row[]): Promise<(id: Hex) => SubscriptionDto['requests']> {
  const ids = rows.map((row) => row.subscriptionId);
  const [requests, grants, known] = await Promise.all([
    db.orm.select().from(keyRequests).where(inArray(keyRequests.subscriptionId, ids)).orderBy(desc(keyRequests.block), desc(keyRequests.logIndex)),
    db.orm.select().from(keyGrants).where(inArray(keyGrants.subscriptionId, ids)).orderBy(asc(keyGrants.block), asc(keyGrants.validatorId)),
    db.orm.select({ assetId: versions.assetId, version: versions.version, threshold: versions.threshold }).from(versions).where(inArray(versions.assetId, rows.map((row) => row.assetId))),
  ]);
  const place = (subscriptionId: Hex, block: number, index: number): string => `${subscriptionId}/${block}/${index}`;
  const granted = Map.groupBy(grants, (row) => place(row.subscriptionId, row.requestBlock, row.requestIndex));
  const thresholds = new Map(known.map(({ assetId, version, threshold }) => [`${assetId}/${version}`, threshold]));
  const assetOf = new Map(rows.map((row) => [row.subscriptionId, row.assetId]));
  const toDto = ({ subscriptionId, block, logIndex, version, recipientKey, transaction, at }: RequestRow): SubscriptionDto['requests'][number] => ({
    version, recipientKey, transaction, block, at, threshold: thresholds.get(`${assetOf.get(subscriptionId)}/${version}`) ?? 0,
    grants: (granted.get(place(subscriptionId, block, logIndex)) ?? []).map((row) => present({ validatorId: row.validatorId, sealedShare: row.sealedShare, transaction: row.transaction, block: row.block, at: row.at })),
  });
  const byId = Map.groupBy(requests, (row) => row.subscriptionId);
  return (id) => (byId.get(id) ?? []).map(toDto);
}
