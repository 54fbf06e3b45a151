import { NeuroError } from '@neurodata/protocol';
import type { OrderDto } from '@neurodata/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Hex } from 'viem';
import { jobs, orders, subscriptions } from '../../db/schema.ts';
import { toJobs } from '../reads/jobs.ts';
import { toOrders } from '../reads/orders.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import { toSubscriptions } from '../reads/subscriptions.ts';
import { roundsById } from '../reads/rounds.ts';
import type { Handler, HandlerContext } from './Handler.ts';

export const listOrders: Handler<'listOrders'> = async ({ db, config }, { query }) => {
  const { limit = pageSize, buyer, seller, assetId, cursor } = query;
  const rows = await db.orm.select().from(orders).where(and(
    buyer ? eq(orders.buyer, getAddress(buyer)) : undefined, seller ? eq(orders.seller, getAddress(seller)) : undefined,
    assetId ? eq(orders.assetId, assetId) : undefined, before(orders, cursor),
  )).orderBy(desc(orders.openedBlock), desc(orders.openedIndex)).limit(limit + 1);
  return present({ items: await toOrders(db, config, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getOrder: Handler<'getOrder'> = (context, { params }) => findOrder(context, params.orderId);

/** Throws NOT_FOUND. */
export async function findOrder({ db, config }: HandlerContext, orderId: Hex): Promise<OrderDto> {
  const rows = await db.orm.select().from(orders).where(eq(orders.orderId, orderId));
  const [order] = await toOrders(db, config, rows);
  if (!order) throw missing('order', orderId);
  return order;
}

export const listSubscriptions: Handler<'listSubscriptions'> = async ({ db, config }, { query }) => {
  const { limit = pageSize, account, seller, assetId, cursor } = query;
  const rows = await db.orm.select().from(subscriptions).where(and(
    account ? eq(subscriptions.account, getAddress(account)) : undefined, seller ? eq(subscriptions.seller, getAddress(seller)) : undefined,
    assetId ? eq(subscriptions.assetId, assetId) : undefined, before(subscriptions, cursor),
  )).orderBy(desc(subscriptions.openedBlock), desc(subscriptions.openedIndex)).limit(limit + 1);
  return present({ items: await toSubscriptions(db, config, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getSubscription: Handler<'getSubscription'> = async ({ db, config }, { params }) => {
  const rows = await db.orm.select().from(subscriptions).where(eq(subscriptions.subscriptionId, params.subscriptionId));
  const [subscription] = await toSubscriptions(db, config, rows);
  if (!subscription) throw missing('subscription', params.subscriptionId);
  return subscription;
};

export const listJobs: Handler<'listJobs'> = async ({ db, config }, { query }) => {
  const { limit = pageSize, buyer, worker, assetId, cursor } = query;
  const rows = await db.orm.select().from(jobs).where(and(
    buyer ? eq(jobs.buyer, getAddress(buyer)) : undefined, worker ? eq(jobs.worker, getAddress(worker)) : undefined,
    assetId ? eq(jobs.assetId, assetId) : undefined, before(jobs, cursor),
  )).orderBy(desc(jobs.openedBlock), desc(jobs.openedIndex)).limit(limit + 1);
  return present({ items: await toJobs(db, config, rows.slice(0, limit)), next: nextOf(rows, limit) });
};

export const getJob: Handler<'getJob'> = async ({ db, config }, { params }) => {
  const rows = await db.orm.select().from(jobs).where(eq(jobs.jobId, params.jobId));
  const [job] = await toJobs(db, config, rows);
  if (!job) throw missing('job', params.jobId);
  return job;
};

export const getRound: Handler<'getRound'> = async ({ db }, { params }) => {
  const round = [...(await roundsById(db, [params.roundId])).values()][0];
  if (!round) throw missing('round', params.roundId);
  return round;
};

function missing(noun: string, id: Hex): NeuroError {
  return new NeuroError(`There is no ${noun} ${id}.`, { code: 'NOT_FOUND', remedy: 'Check the id; a new one appears when its block is indexed.' });
}
