import { type OrderState, verdicts } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import { grants, orders } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import type { RowBuffer } from '../createRowBuffer.ts';
import { getListing } from '../getListing.ts';
import type { Noun } from '../noun.ts';

const id = (args: { orderId: Hex }): Hex => args.orderId;

const movesTo = (state: OrderState) => ({
  id,
  write: (rows: RowBuffer, { args, timestamp }: EventPlace & { args: { orderId: Hex } }): void => rows.change(orders, { orderId: args.orderId }, { state, changedAt: timestamp }),
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
        write: async (rows, { args, timestamp, block, logIndex }, tx) => {
          const { assetId, seller } = await getListing(tx, args.listingId);
          rows.insert(orders, { ...args, assetId, seller, state: 'open', openedAt: timestamp, changedAt: timestamp, openedBlock: block, openedIndex: logIndex });
        },
      },
      ShareGranted: {
        id,
        write: (rows, { args, transaction, block, timestamp }) => rows.insert(grants, { ...args, transaction, block, at: timestamp }),
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
        write: (rows, { args, timestamp }) => {
          const dispute = { roundId: args.roundId, disputeState: 'round', disputeUntil: Number(args.until) } as const;
          rows.change(orders, { orderId: args.orderId }, { state: 'disputed', changedAt: timestamp, ...dispute });
        },
      },
      DisputeJudged: {
        id,
        write: (rows, { args }) => {
          const accepted = verdicts[args.verdict] === 'accept';
          rows.change(orders, { orderId: args.orderId }, { disputeState: accepted ? 'accepted' : 'undecided', disputeUntil: Number(args.until) });
        },
      },
      DisputeEscalated: {
        id,
        write: (rows, { args }) => {
          const { disputeId, by, cost } = args;
          rows.change(orders, { orderId: args.orderId }, { disputeState: 'jury', disputeUntil: null, juryDispute: Number(disputeId), escalatedBy: by, juryCost: cost });
        },
      },
      DisputeResolved: {
        id,
        write: (rows, { args }) => {
          rows.change(orders, { orderId: args.orderId }, { disputeState: args.toSeller ? 'dismissed' : 'upheld', disputeUntil: null });
        },
      },
    },
  },
};
