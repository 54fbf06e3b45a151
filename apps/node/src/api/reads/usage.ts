import { NeuroError } from '@neurodata/protocol';
import type { AssetKind, Publisher, PublisherItem, Usage } from '@neurodata/protocol';
import { sortVolume, startOf } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { present } from './present.ts';
import type { Range } from './ranges.ts';
import { titlesOf } from './summaries.ts';

/** Who uses an asset. Throws NOT_FOUND. */
export async function readUsage(db: Database, assetId: number): Promise<Usage> {
  const { rows: [row] } = await db.orm.execute<Record<'buyers' | 'orders' | 'subscribers', bigint>>(sql`SELECT
      (SELECT count(DISTINCT o.buyer) FROM orders o WHERE o.asset_id = a.asset_id AND o.state <> 'refunded') AS buyers, (SELECT count(*) FROM orders o WHERE o.asset_id = a.asset_id) AS orders,
      (SELECT count(*) FROM subscriptions s WHERE s.asset_id = a.asset_id) AS subscribers FROM assets a WHERE a.asset_id = ${assetId}`);
  if (!row) throw new NeuroError(`There is no asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' });
  const [versions, trained] = await Promise.all([readVersions(db, assetId), readTrained(db, assetId)]);
  return { assetId, buyers: Number(row.buyers), orders: Number(row.orders), subscribers: Number(row.subscribers), versions, trained };
}

async function readVersions(db: Database, assetId: number): Promise<Usage['versions']> {
  const { rows } = await db.orm.execute<Record<'version' | 'orders' | 'runs' | 'verified', bigint>>(sql`SELECT v.version, coalesce(o.orders, 0)::bigint AS orders, coalesce(j.runs, 0)::bigint AS runs, coalesce(j.verified, 0)::bigint AS verified FROM versions v
      LEFT JOIN (SELECT version, count(*) AS orders FROM orders WHERE asset_id = ${assetId} GROUP BY version) o ON o.version = v.version
      LEFT JOIN (SELECT version, count(*) AS runs, count(*) FILTER (WHERE state = 'settled') AS verified FROM jobs WHERE asset_id = ${assetId} GROUP BY version) j ON j.version = v.version
    WHERE v.asset_id = ${assetId} ORDER BY v.version DESC LIMIT 500`);
  return rows.map((row) => ({ version: Number(row.version), orders: Number(row.orders), runs: Number(row.runs), verifiedRuns: Number(row.verified) }));
}

async function readTrained(db: Database, assetId: number): Promise<Usage['trained']> {
  const { rows } = await db.orm.execute<{ asset_id: bigint; kind: AssetKind; parent_version: bigint; job_id: Hex | null }>(sql`SELECT l.asset_id, a.kind, l.parent_version, l.job_id FROM lineage l JOIN assets a ON a.asset_id = l.asset_id
    WHERE l.parent_asset_id = ${assetId} ORDER BY l.asset_id, l.parent_version LIMIT 500`);
  const titleOf = await titlesOf(db, rows.map((row) => Number(row.asset_id)));
  return rows.map((row) => present({ assetId: Number(row.asset_id), kind: row.kind, title: titleOf(Number(row.asset_id)), version: Number(row.parent_version), jobId: row.job_id }));
}

type Income = Publisher['income'];
const listOf = (values: readonly (string | number)[]): SQL => sql.join(values.map((value) => sql`${value}`), sql`, `);

/** Assets that one of the wallets owns, or sells through a listing: the newest 500. */
export async function assetsOfWallets(db: Database, wallets: readonly Address[]): Promise<number[]> {
  if (wallets.length === 0) return [];
  const { rows } = await db.orm.execute<{ asset_id: bigint }>(sql`SELECT asset_id FROM assets WHERE owner IN (${listOf(wallets)}) UNION SELECT asset_id FROM listings WHERE seller IN (${listOf(wallets)}) ORDER BY asset_id DESC LIMIT 500`);
  return rows.map((row) => Number(row.asset_id));
}

type Of = { db: Database; neuroCoin: Address; wallets: readonly Address[]; assetIds: readonly number[]; range: Range };

/** What the wallets earned with each asset in a range, by token. */
export async function readIncome({ db, neuroCoin, wallets, assetIds, range }: Of): Promise<Map<number, Income>> {
  if (assetIds.length === 0) return new Map();
  const { rows } = await db.orm.execute<{ asset_id: bigint; token: Address | null; sales: bigint; runs: bigint; subscriptions: bigint }>(sql`SELECT f.asset_id, nullif(f.token, ${neuroCoin}) AS token,
      coalesce(sum(f.amount) FILTER (WHERE f.subject LIKE 'order:%'), 0) AS sales, coalesce(sum(f.amount) FILTER (WHERE f.subject LIKE 'job:%'), 0) AS runs, coalesce(sum(f.amount) FILTER (WHERE f.subject LIKE 'subscription:%'), 0) AS subscriptions
    FROM money_flows f WHERE f.kind = 'earned' AND f.at >= ${range.from} AND f.at <= ${range.to} AND f.account IN (${listOf(wallets)}) AND f.asset_id IN (${listOf(assetIds)}) GROUP BY 1, 2`);
  const each = rows.map(({ asset_id, ...income }) => ({ assetId: Number(asset_id), income }));
  return new Map(Map.groupBy(each, ({ assetId }) => assetId).entries().map(([assetId, group]) => [assetId, sortVolume(group.map(({ income }) => income))]));
}

/** The sum of several incomes, by token. */
export function addIncome(all: Income[]): Income {
  const byToken = Map.groupBy(all.flat(), ({ token }) => token);
  const sum = (items: Income, name: 'sales' | 'runs' | 'subscriptions'): bigint => items.reduce((total, item) => total + item[name], 0n);
  return sortVolume([...byToken].map(([token, items]) => ({ token, sales: sum(items, 'sales'), runs: sum(items, 'runs'), subscriptions: sum(items, 'subscriptions') })));
}

const day = 86_400;

/** Visitors of these assets' pages, one entry per day of the range. */
export async function readViews(db: Database, assetIds: readonly number[], { from, to }: Range): Promise<Publisher['views']> {
  const first = startOf('day', from);
  const { rows } = assetIds.length === 0 ? { rows: [] } : await db.orm.execute<{ day: bigint; visitors: bigint }>(sql`SELECT day, sum(visitors)::bigint AS visitors FROM asset_views WHERE asset_id IN (${listOf(assetIds)}) AND day >= ${first} AND day <= ${to} GROUP BY day`);
  const visitorsOf = new Map(rows.map((row) => [Number(row.day), Number(row.visitors)]));
  return Array.from({ length: Math.floor((to - first) / day) + 1 }, (_, index) => first + index * day).map((at) => ({ day: at, visitors: visitorsOf.get(at) ?? 0 }));
}

type ItemRow = { asset_id: bigint; kind: AssetKind; views: bigint; buyers: bigint; orders: bigint; runs: bigint; verified: bigint; trained: bigint };

/** One line per asset, for a range. */
export async function readPublisherItems(of: Of): Promise<PublisherItem[]> {
  const { db, assetIds, range: { from, to } } = of;
  if (assetIds.length === 0) return [];
  const [{ rows }, incomes, titleOf] = await Promise.all([
    db.orm.execute<ItemRow>(sql`SELECT a.asset_id, a.kind, (SELECT coalesce(sum(v.visitors), 0)::bigint FROM asset_views v WHERE v.asset_id = a.asset_id AND v.day >= ${startOf('day', from)} AND v.day <= ${to}) AS views,
        o.buyers, o.orders, j.runs, j.verified, (SELECT count(DISTINCT l.asset_id) FROM lineage l WHERE l.parent_asset_id = a.asset_id) AS trained
      FROM assets a
        CROSS JOIN LATERAL (SELECT count(DISTINCT x.buyer) AS buyers, count(*) AS orders FROM orders x WHERE x.asset_id = a.asset_id AND x.opened_at >= ${from} AND x.opened_at <= ${to}) o
        CROSS JOIN LATERAL (SELECT count(*) AS runs, count(*) FILTER (WHERE x.state = 'settled') AS verified FROM jobs x WHERE x.asset_id = a.asset_id AND x.opened_at >= ${from} AND x.opened_at <= ${to}) j
      WHERE a.asset_id IN (${listOf(assetIds)}) ORDER BY a.asset_id DESC`),
    readIncome(of), titlesOf(db, assetIds),
  ]);
  return rows.map((row) => ({
    assetId: Number(row.asset_id), kind: row.kind, title: titleOf(Number(row.asset_id)), views: Number(row.views), buyers: Number(row.buyers), orders: Number(row.orders), runs: Number(row.runs), verifiedRuns: Number(row.verified),
    trained: Number(row.trained), income: incomes.get(Number(row.asset_id)) ?? [],
  }));
}
