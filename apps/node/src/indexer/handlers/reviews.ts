import { eq } from 'drizzle-orm';
import { zeroHash } from 'viem';
import type { Hex } from 'viem';
import { reviews } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';

const about = { id: (args: { orderId: Hex }): Hex => args.orderId, assetId: (args: { assetId: bigint }): bigint => args.assetId };
const digestOf = (digest: Hex): Hex | null => (digest === zeroHash ? null : digest);

/** A review by an order's buyer. */
export const reviewNoun: Noun = {
  name: 'review',
  erase: async (tx, text) => {
    await tx.delete(reviews).where(eq(reviews.orderId, text as Hex));
  },
  handlers: {
    reviews: {
      Reviewed: {
        ...about,
        write: (rows, { args, transaction, timestamp, block, logIndex }) => {
          const { orderId, assetId, reviewer, rating, digest } = args;
          rows.insert(reviews, {
            orderId, assetId: Number(assetId), reviewer, rating, digest: digestOf(digest), edited: false, writtenAt: timestamp, changedAt: timestamp, transaction, openedBlock: block, openedIndex: logIndex,
          });
        },
      },
      ReviewEdited: {
        ...about,
        write: (rows, { args, transaction, timestamp }) => {
          rows.change(reviews, { orderId: args.orderId }, { rating: args.rating, digest: digestOf(args.digest), edited: true, changedAt: timestamp, transaction });
        },
      },
    },
  },
};
