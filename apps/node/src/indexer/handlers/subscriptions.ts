import { NeuroError } from '@neurodata/protocol';
import { desc, eq, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import { readRenewal } from '../../common/readRenewal.ts';
import type { Transaction } from '../../db/openDatabase.ts';
import { keyGrants, keyRequests, subscriptions } from '../../db/schema.ts';
import { getListing } from '../getListing.ts';
import type { Noun } from '../noun.ts';

const id = (args: { subscriptionId: Hex }): Hex => args.subscriptionId;

async function getSubscription(tx: Transaction, subscriptionId: Hex): Promise<typeof subscriptions.$inferSelect> {
  const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.subscriptionId, subscriptionId));
  if (!row) throw new NeuroError(`Subscription ${subscriptionId} is used on chain before it was taken.`, { code: 'INTERNAL' });
  return row;
}

/** A subscription with its key requests and their grants. */
export const subscriptionNoun: Noun = {
  name: 'subscription',
  erase: async (tx, text) => {
    for (const table of [subscriptions, keyRequests, keyGrants]) await tx.delete(table).where(eq(table.subscriptionId, text as Hex));
  },
  handlers: {
    subscriptions: {
      Subscribed: {
        id,
        listingId: (args) => args.listingId,
        apply: async (tx, { args, block, logIndex }) => {
          const { subscriptionId, listingId, account, price, paidFrom, paidUntil } = args;
          const { assetId, seller, periodMinutes } = await getListing(tx, listingId);
          const period = periodMinutes * 60;
          const paid = price * BigInt((paidUntil - paidFrom) / period);
          const taken = { startedAt: paidFrom, paidUntil, closed: false, openedBlock: block, openedIndex: logIndex };
          await tx.insert(subscriptions).values({ subscriptionId, listingId, assetId, account, seller, price, period, held: paid, ...taken })
            .onConflictDoUpdate({ target: subscriptions.subscriptionId, set: { ...taken, held: sql`${subscriptions.held} + ${paid.toString()}::numeric` } });
        },
      },
      SubscriptionRenewed: {
        id: (args) => readRenewal(args.renewal).subscriptionId,
        listingId: (args) => Number(`0x${args.renewal.slice(18, 26)}`),
        apply: async (tx, { args, timestamp }) => {
          const { subscriptionId, paidUntil } = readRenewal(args.renewal);
          const { price, period, paidUntil: before } = await getSubscription(tx, subscriptionId);
          // After a gap it begins anew.
          const from = Math.max(before, timestamp);
          const paid = price * BigInt((paidUntil - from) / period);
          await tx.update(subscriptions).set({ paidUntil, held: sql`${subscriptions.held} + ${paid.toString()}::numeric` }).where(eq(subscriptions.subscriptionId, subscriptionId));
        },
      },
      SubscriptionCancelled: {
        id,
        apply: async (tx, { args }) => {
          const { subscriptionId, refunded, paidUntil } = args;
          await tx.update(subscriptions).set({ paidUntil, held: sql`${subscriptions.held} - ${refunded.toString()}::numeric` }).where(eq(subscriptions.subscriptionId, subscriptionId));
        },
      },
      SubscriptionClaimed: {
        id,
        apply: async (tx, { args }) => {
          const paid = args.toSeller + args.fee + args.toParent;
          await tx.update(subscriptions).set({ held: sql`${subscriptions.held} - ${paid.toString()}::numeric` }).where(eq(subscriptions.subscriptionId, args.subscriptionId));
        },
      },
      SubscriptionClosed: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(subscriptions).set({ closed: true }).where(eq(subscriptions.subscriptionId, args.subscriptionId));
        },
      },
      SubscriptionReopened: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(subscriptions).set({ closed: false }).where(eq(subscriptions.subscriptionId, args.subscriptionId));
        },
      },
      KeyRequested: {
        id,
        apply: async (tx, { args, block, logIndex, transaction, timestamp }) => {
          await tx.insert(keyRequests).values({ ...args, block, logIndex, transaction, at: timestamp });
        },
      },
      SubscriptionShareGranted: {
        id,
        apply: async (tx, { args, block, transaction, timestamp }) => {
          const { subscriptionId, validatorId, sealedShare } = args;
          // The contract takes answers to the newest request only.
          const [request] = await tx.select().from(keyRequests).where(eq(keyRequests.subscriptionId, subscriptionId)).orderBy(desc(keyRequests.block), desc(keyRequests.logIndex)).limit(1);
          if (!request) throw new NeuroError(`A share was granted to subscription ${subscriptionId}, which asked for none.`, { code: 'INTERNAL' });
          await tx.insert(keyGrants).values({ subscriptionId, requestBlock: request.block, requestIndex: request.logIndex, validatorId, sealedShare, transaction, block, at: timestamp });
        },
      },
      SubscriptionKeyGranted: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(subscriptions).set({ grantedUntil: args.notRefundedBefore }).where(eq(subscriptions.subscriptionId, args.subscriptionId));
        },
      },
    },
  },
};
