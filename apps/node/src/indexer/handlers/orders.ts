import { type OrderState, verdicts } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { grants, orders } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import { getListing } from '../getListing.ts';
import type { Noun } from '../noun.ts';

const id = (args: { orderId: Hex }): Hex => args.orderId;

const movesTo = (state: OrderState) => ({
  id,
  apply: async (tx: Transaction, event: EventPlace & { args: { orderId: Hex } }): Promise<void> => {
    await tx.update(orders).set({ state, changedAt: event.timestamp }).where(eq(orders.orderId, event.args.orderId));
  },
});

/** An order with its grants. */
export const orderNoun: Noun = {
  name: 'order',
  erase: async (tx, text) => {
    await tx.delete(orders).where(eq(orders.orderId, text as Hex));
    await tx.delete(grants).where(eq(grants.orderId, text as Hex));
  },
  handlers: {
    market: {
      OrderOpened: {
        id,
        listingId: (args) => args.listingId,
        apply: async (tx, { args, timestamp, block, logIndex }) => {
          const { assetId, seller } = await getListing(tx, args.listingId);
          await tx.insert(orders).values({ ...args, assetId, seller, state: 'open', openedAt: timestamp, changedAt: timestamp, openedBlock: block, openedIndex: logIndex });
        },
      },
      ShareGranted: {
        id,
        apply: async (tx, { args, transaction, block, timestamp }) => {
          await tx.insert(grants).values({ ...args, transaction, block, at: timestamp });
        },
      },
      OrderGranted: movesTo('granted'),
      OrderConfirmed: movesTo('released'),
      OrderReleased: movesTo('released'),
      OrderClaimed: movesTo('claimed'),
      OrderRefunded: movesTo('refunded'),
    },
    privateOffers: {
      // Follows OrderOpened: what it adds is how the order came about.
      OfferAccepted: { id },
    },
    orderDisputes: {
      OrderDisputed: {
        id,
        apply: async (tx, { args, timestamp }) => {
          const dispute = { roundId: args.roundId, disputeState: 'round', disputeUntil: Number(args.until) } as const;
          await tx.update(orders).set({ state: 'disputed', changedAt: timestamp, ...dispute }).where(eq(orders.orderId, args.orderId));
        },
      },
      DisputeJudged: {
        id,
        apply: async (tx, { args }) => {
          const accepted = verdicts[args.verdict] === 'accept';
          await tx.update(orders).set({ disputeState: accepted ? 'accepted' : 'undecided', disputeUntil: Number(args.until) }).where(eq(orders.orderId, args.orderId));
        },
      },
      DisputeEscalated: {
        id,
        apply: async (tx, { args }) => {
          const { disputeId, by, cost } = args;
          await tx.update(orders).set({ disputeState: 'jury', disputeUntil: null, juryDispute: Number(disputeId), escalatedBy: by, juryCost: cost }).where(eq(orders.orderId, args.orderId));
        },
      },
      DisputeResolved: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(orders).set({ disputeState: args.toSeller ? 'dismissed' : 'upheld', disputeUntil: null }).where(eq(orders.orderId, args.orderId));
        },
      },
    },
  },
};
