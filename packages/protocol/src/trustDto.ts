import { z } from 'zod';
import { assetKinds } from './states.ts';
import { assetIdSchema, hex32Schema, secondsSchema } from './schemas.ts';

/** What people report, and what a node may hide: an asset, or a review by its order. */
export const subjectSchema = z.string().regex(/^(asset:[1-9]\d{0,14}|review:0x[0-9a-f]{64})$/, 'expected asset:<number> or review:<order id>');

export const reportReasons = ['illegal', 'personal-data', 'copyright', 'misleading', 'malware', 'spam', 'other'] as const;
export type ReportReason = (typeof reportReasons)[number];
/** upheld: something was done about it. */
export const reportStates = ['open', 'dismissed', 'upheld'] as const;
export type ReportState = (typeof reportStates)[number];
export const appealsOfHidden = ['none', 'open', 'refused'] as const;
export type AppealOfHidden = (typeof appealsOfHidden)[number];

export const reportTextSchema = z.string().trim().min(10).max(4_000);
/** Why somebody with a role did something; shown to whom it concerns. At most what the Curation contract takes. */
export const decisionSchema = z.string().trim().min(3).max(250).refine((text) => new TextEncoder().encode(text).length <= 256, 'is too long for the chain');

export const reportSchema = z.object({
  reportId: z.string(),
  subject: subjectSchema,
  /** Of the asset that it is about. */
  assetId: z.number().int().optional(),
  title: z.string().optional(),
  reason: z.enum(reportReasons),
  evidence: z.string(),
  state: z.enum(reportStates),
  createdAt: secondsSchema,
  decidedAt: secondsSchema.optional(),
  decision: z.string().optional(),
});
export type Report = z.output<typeof reportSchema>;

/** Something that this node does not show. */
export const hiddenSchema = z.object({
  subject: subjectSchema,
  assetId: z.number().int().optional(),
  title: z.string().optional(),
  reason: z.string(),
  hiddenAt: secondsSchema,
  appeal: z.enum(appealsOfHidden),
  appealText: z.string().optional(),
  appealedAt: secondsSchema.optional(),
  /** What an admin said to the appeal. */
  answer: z.string().optional(),
});
export type Hidden = z.output<typeof hiddenSchema>;

export const ratingsSchema = z.object({
  assetId: assetIdSchema,
  count: z.number().int(),
  /** Sum of the weights. */
  weight: z.number().int(),
  /** Hundredths of a star, rounded down. */
  mean: z.number().int().nullable(),
  weightedMean: z.number().int().nullable(),
  /** How many reviews gave how many stars with how much weight, see `reviewWeight`. */
  parts: z.array(z.object({ rating: z.number().int(), weight: z.number().int(), reviews: z.number().int() })),
});
export type Ratings = z.output<typeof ratingsSchema>;

/** What everybody may know of how an asset is used. */
export const usageSchema = z.object({
  assetId: assetIdSchema,
  buyers: z.number().int(),
  orders: z.number().int(),
  subscribers: z.number().int(),
  versions: z.array(z.object({ version: z.number().int(), orders: z.number().int(), runs: z.number().int(), verifiedRuns: z.number().int() })),
  /** Assets that were trained on it or name it as a parent. */
  trained: z.array(z.object({ assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string(), version: z.number().int(), jobId: hex32Schema.optional() })),
});
export type Usage = z.output<typeof usageSchema>;
