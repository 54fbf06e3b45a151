import { licenseKinds } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
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
        apply: async (tx, { args }) => {
          const { kind, price, firstVersion, lastVersion, modelShareBps, termsDigest } = args.input;
          await tx.insert(listings).values({
            listingId: args.listingId, assetId: Number(args.assetId), seller: args.seller, kind: oneOf(licenseKinds, kind), price, firstVersion, lastVersion,
            modelShareBps, termsDigest, retired: false,
          });
        },
      },
      ListingRetired: {
        id: (args) => args.listingId,
        listingId: (args) => args.listingId,
        apply: async (tx, { args }) => {
          await tx.update(listings).set({ retired: true }).where(eq(listings.listingId, args.listingId));
        },
      },
    },
  },
};
