import { listingKinds } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { zeroAddress } from 'viem';
import { listings } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';
import { oneOf } from '../oneOf.ts';

export const listingNoun: Noun = {
  name: 'listing',
  erase: async (tx, id) => {
    await tx.delete(listings).where(eq(listings.listingId, Number(id)));
  },
  handlers: {
    market: {
      ListingCreated: {
        id: (args) => args.listingId,
        assetId: (args) => args.assetId,
        write: (rows, { args }) => {
          const { kind, price, firstVersion, lastVersion, modelShareBps, termsDigest } = args.input;
          rows.insert(listings, {
            listingId: args.listingId, assetId: Number(args.assetId), seller: args.seller, kind: oneOf(listingKinds, kind), price, firstVersion, lastVersion,
            modelShareBps, termsDigest, retired: false,
          });
        },
      },
      // Follows ListingCreated in the same transaction.
      ListingExtended: {
        id: (args) => args.listingId,
        listingId: (args) => args.listingId,
        write: (rows, { args }) => {
          const { token, periodMinutes } = args.extras;
          rows.change(listings, { listingId: args.listingId }, { token: token === zeroAddress ? null : token, periodMinutes });
        },
      },
      ListingRetired: {
        id: (args) => args.listingId,
        listingId: (args) => args.listingId,
        write: (rows, { args }) => {
          rows.change(listings, { listingId: args.listingId }, { retired: true });
        },
      },
    },
    trials: {
      TrialsOffered: {
        id: (args) => args.listingId,
        assetId: (args) => args.assetId,
        write: (rows, { args }) => {
          rows.change(listings, { listingId: args.listingId }, { trialFee: args.fee, trialCap: args.cap });
        },
      },
    },
  },
};
