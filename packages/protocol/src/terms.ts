import { z } from 'zod';
import { defineDocument } from './document.ts';
import { listingKinds } from './states.ts';

/** Licence terms of a listing, as a block whose sha256 stands on chain. */
export const termsSchema = z.object({
  version: z.literal(1),
  kind: z.enum(listingKinds),
  license: z.string().min(1).max(200),
  /** Shown before publishing and before buying: committees of rounds may read the rows. */
  validatorsMayRead: z.boolean(),
  /** Compute listings: algorithms that may run. */
  algorithms: z.array(z.string().max(100)).max(100),
  /** Compute listings: fewest rows of a tree's leaf; 20 where it is left out. */
  smallestLeaf: z.number().int().min(1).max(1_000_000).optional(),
  /** Basis points of a derived model's price that go to the dataset's owner. */
  modelShareBps: z.number().int().min(0).max(5000),
  note: z.string().max(5000).optional(),
});
export type Terms = z.output<typeof termsSchema>;

const document = defineDocument({ schema: termsSchema, what: 'The terms', code: 'BAD_INPUT' });
export const encodeTerms = document.encode;
export const parseTerms = document.parse;
