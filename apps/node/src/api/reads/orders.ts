import type { Config, OrderDto } from '@neurodata/protocol';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { grants, listings, orders, versions } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { readClock } from './clock.ts';
import { present } from './present.ts';
import { roundsById } from './rounds.ts';
import { titlesOf } from './summaries.ts';
import { orderTurn } from './turns.ts';

type OrderRow = typeof orders.$inferSelect;

/** The documents of these rows, in their order. */
export async function toOrders(db: Database, config: Config, rows: OrderRow[]): Promise<OrderDto[]> {
  if (rows.length === 0) return [];
  const [now, titleOf, grantsOf, rounds, activity, versionOf, tokenOf] = await Promise.all([
    readClock(db), titlesOf(db, rows.map((row) => row.assetId)), readGrants(db, rows.map((row) => row.orderId)), roundsById(db, rows.map((row) => row.roundId)),
    activityOf(db, rows.map((row) => `order:${row.orderId}`)), readVersions(db, rows), readTokens(db, rows),
  ]);
  return rows.map((row) => {
    const { orderId, listingId, assetId, version, buyer, seller, price, recipientKey, state, openedAt, changedAt, roundId } = row;
    const dispute = toDispute(row);
    const { status = 'none', threshold = 0 } = versionOf(row) ?? {};
    const document = present({
      orderId, listingId, assetId, assetTitle: titleOf(assetId), version, buyer, seller, price, recipientKey, state, threshold, openedAt, changedAt,
      deadline: undefined, ...orderTurn({ state, changedAt, versionStatus: status, ...(dispute && { dispute: { state: dispute.state, until: row.disputeUntil } }) }, config.windows, now),
      grants: grantsOf.get(orderId) ?? [], round: roundId === null ? undefined : rounds.get(roundId), dispute, activity: activity.get(`order:${orderId}`) ?? [],
    });
    return { ...document, token: tokenOf.get(listingId) ?? null };
  });
}

async function readTokens(db: Database, rows: OrderRow[]): Promise<Map<number, Address | null>> {
  const found = await db.orm.select({ listingId: listings.listingId, token: listings.token }).from(listings).where(inArray(listings.listingId, rows.map((row) => row.listingId)));
  return new Map(found.map(({ listingId, token }) => [listingId, token]));
}

function toDispute({ disputeState, disputeUntil, juryDispute, escalatedBy, juryCost }: OrderRow): OrderDto['dispute'] {
  if (disputeState === null) return undefined;
  return present({ state: disputeState, until: disputeUntil, disputeId: juryDispute, escalatedBy, cost: juryCost });
}

async function readGrants(db: Database, orderIds: Hex[]): Promise<Map<Hex, OrderDto['grants']>> {
  const rows = await db.orm.select().from(grants).where(inArray(grants.orderId, orderIds)).orderBy(asc(grants.block), asc(grants.validatorId));
  return new Map(Map.groupBy(rows, (row) => row.orderId).entries().map(([orderId, group]) => [orderId, group.map(toGrant)]));
}

function toGrant({ validatorId, sealedShare, transaction, block, at }: typeof grants.$inferSelect): OrderDto['grants'][number] {
  return { validatorId, sealedShare, transaction, block, at };
}

type VersionFacts = Pick<typeof versions.$inferSelect, 'status' | 'threshold'>;

async function readVersions(db: Database, rows: OrderRow[]): Promise<(row: OrderRow) => VersionFacts | undefined> {
  const found = await db.orm.select({ assetId: versions.assetId, version: versions.version, status: versions.status, threshold: versions.threshold }).from(versions)
    .where(and(inArray(versions.assetId, rows.map((row) => row.assetId)), inArray(versions.version, rows.map((row) => row.version))));
  const byKey = new Map(found.map((version) => [`${version.assetId}/${version.version}`, version]));
  return (row) => byKey.get(`${row.assetId}/${row.version}`);
}

/** Orders whose money the seller could claim now. */
export async function claimableOrders(parameters: { db: Database; config: Config; seller: `0x${string}` }): Promise<Hex[]> {
  const { db, config, seller } = parameters;
  const rows = await db.orm.select({ orderId: orders.orderId, state: orders.state, changedAt: orders.changedAt, status: versions.status }).from(orders)
    .innerJoin(versions, and(eq(versions.assetId, orders.assetId), eq(versions.version, orders.version)))
    .where(and(eq(orders.seller, seller), inArray(orders.state, ['granted', 'released']))).orderBy(asc(orders.openedBlock), asc(orders.openedIndex)).limit(1000);
  const now = await readClock(db);
  return rows.filter(({ state, changedAt, status }) => orderTurn({ state, changedAt, versionStatus: status }, config.windows, now).turn === 'seller').map((row) => row.orderId);
}
