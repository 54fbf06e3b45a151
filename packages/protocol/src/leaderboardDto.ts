import { z } from 'zod';
import { addressSchema, amountSchema, cidSchema, hex32Schema, secondsSchema } from './schemas.ts';

/** What the chain says of a dataset version's split: `block` is the one whose hash makes the seed. */
export const boardSplitSchema = z.discriminatedUnion('fixed', [
  z.object({
    fixed: z.literal(true), block: z.number().int(), blockHash: hex32Schema,
    split: z.object({ rule: z.literal('hash-rank'), seed: z.number().int(), testFraction: z.number() }),
  }),
  z.object({ fixed: z.literal(false), block: z.number().int() }),
]);
export type BoardSplit = z.output<typeof boardSplitSchema>;

/** What is predicted: runs are compared within one of these only. */
const boardSectionSchema = z.object({ task: z.enum(['classification', 'regression']), target: z.string() });

/** A run whose verdict is final. Everything but times and money is in its receipt, which validators made again. */
export const boardEntrySchema = z.object({
  /** 1 is best; equal values share a rank. */
  rank: z.number().int(),
  jobId: hex32Schema,
  algorithm: z.string(),
  /** How many columns it learned from. */
  features: z.number().int(),
  /** On the held-out rows, by name; null where a score is not defined. */
  scores: z.record(z.string(), z.number().nullable()),
  testRows: z.number().int(),
  trainRows: z.number().int(),
  /** The engine's steps. */
  steps: z.number().int(),
  /** From the worker's claim to its receipt, by the chain's clock: loading, unsealing, training, explaining, sealing. */
  seconds: z.number().int().nonnegative(),
  /** What the buyer paid, base units of NCR, and what it is made of. */
  cost: amountSchema,
  price: amountSchema,
  workerFee: amountSchema,
  validationFee: amountSchema,
  buyer: addressSchema,
  worker: addressSchema,
  engineId: hex32Schema,
  openedAt: secondsSchema,
  receiptDigest: hex32Schema,
  receiptCid: cidSchema,
  /** The model, where its buyer has published it. */
  modelAssetId: z.number().int().optional(),
});
export type BoardEntry = z.output<typeof boardEntrySchema>;

export const leaderboardSchema = z.object({
  assetId: z.number().int(),
  version: z.number().int(),
  split: boardSplitSchema,
  /** Those with runs, the fullest first. */
  sections: z.array(boardSectionSchema.extend({ runs: z.number().int() })),
  /** Runs on this split, of any section, whose verdict is not final or whose documents are not read yet. */
  waiting: z.number().int(),
  /** The section that was asked for, or the fullest one; absent where there is none. */
  section: boardSectionSchema.extend({
    /** A score's name, `cost`, `time` or `steps`. */
    sort: z.string(),
    better: z.enum(['higher', 'lower']),
  }).optional(),
  items: z.array(boardEntrySchema),
  next: z.number().int().optional(),
});
export type LeaderboardDto = z.output<typeof leaderboardSchema>;
