import { NeuroError } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import { manifests, orders, userWallets, versions } from '../../db/schema.ts';
import { orderStatesOf, toEscrow } from '../reads/escrows.ts';
import { toOrders } from '../reads/orders.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import type { Handler } from './Handler.ts';
import { findOrder } from './trades.ts';

export const listEscrows: Handler<'listEscrows'> = async ({ db, config }, { query }) => {
  const { limit = pageSize, party, buyer, seller, state, cursor } = query;
  const rows = await db.orm.select().from(orders).where(and(
    party ? or(eq(orders.buyer, getAddress(party)), eq(orders.seller, getAddress(party))) : undefined, buyer ? eq(orders.buyer, getAddress(buyer)) : undefined,
    seller ? eq(orders.seller, getAddress(seller)) : undefined, state ? inArray(orders.state, orderStatesOf[state]) : undefined, before(orders, cursor),
  )).orderBy(desc(orders.openedBlock), desc(orders.openedIndex)).limit(limit + 1);
  return present({ items: (await toOrders(db, config, rows.slice(0, limit))).map(toEscrow), next: nextOf(rows, limit) });
};

export const getEscrow: Handler<'getEscrow'> = async (context, { params }) => toEscrow(await findOrder(context, params.orderId));

export const getDownload: Handler<'getDownload'> = async ({ db }, { params, query }) => {
  const { assetId } = params;
  const [row] = await db.orm.select({ version: versions.version, manifestDigest: versions.manifestDigest, sealedSize: manifests.sealedSize }).from(versions)
    .leftJoin(manifests, eq(manifests.digest, versions.manifestDigest))
    .where(and(eq(versions.assetId, assetId), query.version === undefined ? eq(versions.status, 'live') : eq(versions.version, query.version))).orderBy(desc(versions.version)).limit(1);
  if (!row) throw new NeuroError(query.version === undefined ? `Asset ${assetId} has no live version.` : `Asset ${assetId} has no version ${query.version}.`, { code: 'NOT_FOUND', remedy: 'Look at the asset.' });
  const manifestCid = rawCidOfDigest(row.manifestDigest);
  return { assetId, ...row, manifestCid, manifestUrl: `/ipfs/${manifestCid}` };
};

export const getUserStats: Handler<'getUserStats'> = async ({ db }, { principal }) => {
  const { rows } = await db.orm.execute<Record<'wallets' | 'assets' | 'orders' | 'sales' | 'runs' | 'reviews', bigint>>(sql`WITH mine AS (SELECT address FROM ${userWallets} WHERE user_id = ${principal.userId})
    SELECT (SELECT count(*) FROM mine) AS wallets, (SELECT count(*) FROM assets WHERE owner IN (SELECT address FROM mine)) AS assets,
      (SELECT count(*) FROM orders WHERE buyer IN (SELECT address FROM mine)) AS orders, (SELECT count(*) FROM orders WHERE seller IN (SELECT address FROM mine)) AS sales,
      (SELECT count(*) FROM jobs WHERE buyer IN (SELECT address FROM mine)) AS runs, (SELECT count(*) FROM reviews WHERE reviewer IN (SELECT address FROM mine)) AS reviews`);
  const [row] = rows;
  if (!row) throw new NeuroError('The database gave no sums.', { code: 'INTERNAL' });
  return { wallets: Number(row.wallets), assets: Number(row.assets), orders: Number(row.orders), sales: Number(row.sales), runs: Number(row.runs), reviews: Number(row.reviews) };
};
