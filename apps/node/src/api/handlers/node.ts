import { NeuroError } from '@neurodata/protocol';
import type { Stats } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Address } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import type { Demo, Handler } from './Handler.ts';

/** States of an order whose money the market holds. */
const held = sql`'open', 'granted', 'disputed', 'released'`;

export const getReadiness: Handler<'getReadiness'> = async ({ readiness }) => readiness();

export const getConfig: Handler<'getConfig'> = async ({ config }) => config;

export const getStats: Handler<'getStats'> = async ({ db, indexer }) => {
  const { rows } = await db.orm.execute<Record<'indexed' | 'assets' | 'orders' | 'jobs' | 'validators' | 'in_escrow' | 'volume', bigint>>(sql`SELECT
    coalesce((SELECT block FROM cursor), 0)::bigint AS indexed,
    (SELECT count(*) FROM asset_search WHERE listed) AS assets, (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM jobs) AS jobs,
    (SELECT count(*) FROM validators WHERE active) AS validators,
    coalesce((SELECT sum(o.price) FROM orders o JOIN listings l USING (listing_id) WHERE l.token IS NULL AND o.state IN (${held})), 0)
      + coalesce((SELECT sum(price + worker_fee + validation_fee) FROM jobs WHERE state IN ('open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected')), 0) AS in_escrow,
    coalesce((SELECT sum(o.price) FROM orders o JOIN listings l USING (listing_id) WHERE l.token IS NULL AND o.state = 'claimed'), 0) + coalesce((SELECT sum(price) FROM jobs WHERE state = 'settled'), 0) AS volume`);
  const row = rows[0];
  if (!row) throw new NeuroError('The database gave no sums.', { code: 'INTERNAL' });
  const indexed = Number(row.indexed);
  return {
    head: indexer.head()?.chain ?? indexed, indexed, assets: Number(row.assets), orders: Number(row.orders), jobs: Number(row.jobs), validators: Number(row.validators),
    inEscrow: row.in_escrow, volume: row.volume, otherTokens: await readOtherTokens(db),
  };
};

/** Sums of orders in other tokens, each in its own base units: they cannot be added up. */
async function readOtherTokens(db: Database): Promise<Stats['otherTokens']> {
  const { rows } = await db.orm.execute<{ token: Address; in_escrow: bigint; volume: bigint }>(sql`SELECT l.token,
      coalesce(sum(o.price) FILTER (WHERE o.state IN (${held})), 0) AS in_escrow, coalesce(sum(o.price) FILTER (WHERE o.state = 'claimed'), 0) AS volume
    FROM orders o JOIN listings l USING (listing_id) WHERE l.token IS NOT NULL GROUP BY l.token ORDER BY l.token`);
  return rows.map((row) => ({ token: row.token, inEscrow: row.in_escrow, volume: row.volume }));
}

export const listDemoAccounts: Handler<'listDemoAccounts'> = async ({ demo }) => ({ items: getDemo(demo).accounts });

export const requestFunds: Handler<'requestFunds'> = async ({ demo }, { body }) => getDemo(demo).fund(getAddress(body.address));

function getDemo(demo: Demo | undefined): Demo {
  if (!demo) throw new NeuroError('This node has no play money.', { code: 'NOT_FOUND', remedy: 'Demo accounts exist on the embedded chain only.' });
  return demo;
}
