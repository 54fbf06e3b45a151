import { z } from 'zod';
import { assetSummarySchema } from './dto.ts';
import { disputeSchema } from './economyDto.ts';
import { addressSchema, amountSchema, hex32Schema, secondsSchema } from './schemas.ts';
import { disputeStates } from './states.ts';
import { hiddenSchema, reportSchema } from './trustDto.ts';

/** What waits for a curator. */
export const queueItemSchema = z.object({
  asset: assetSummarySchema,
  /** The open ones about it and its reviews, oldest first. */
  reports: z.array(reportSchema),
  hidden: hiddenSchema.optional(),
});
export type QueueItem = z.output<typeof queueItemSchema>;

export const auditItemSchema = z.object({
  id: z.number().int(),
  at: secondsSchema,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  reason: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
  requestId: z.string(),
});
export type AuditItem = z.output<typeof auditItemSchema>;

/** A report as curators see it: with the id of the user who made it. */
export const adminReportSchema = reportSchema.extend({ reporter: z.string().optional() });
export type AdminReport = z.output<typeof adminReportSchema>;

/** What is disputed now: orders before validators or waiting for a party, and what jurors have not ended. */
export const disputesOverviewSchema = z.object({
  orders: z.array(z.object({
    orderId: hex32Schema, assetId: z.number().int(), title: z.string(), buyer: addressSchema, seller: addressSchema, price: amountSchema, token: addressSchema.nullable(), state: z.enum(disputeStates),
    /** Until when validators answer, or a party may ask jurors. */
    until: secondsSchema.optional(), disputeId: z.number().int().optional(), changedAt: secondsSchema,
  })),
  juries: z.array(disputeSchema),
  /** Of all time. */
  upheld: z.number().int(), dismissed: z.number().int(), ended: z.number().int(),
});
export type DisputesOverview = z.output<typeof disputesOverviewSchema>;

/** How far the rows that are made from the chain have come. */
export const projectionSchema = z.object({
  deployment: z.string(), indexed: z.number().int(), head: z.number().int(), indexedAt: secondsSchema, events: z.number().int(),
  /** Documents that are still fetched, and those that nobody could read. */
  wanted: z.number().int(), unreadable: z.number().int(),
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), bytes: z.number().int() })),
});
export type Projection = z.output<typeof projectionSchema>;

/** Contracts whose parameters governance sets as a whole. */
export const parameterContracts = ['market', 'training', 'validators', 'curation', 'disputes', 'orderDisputes', 'challenges', 'accusations'] as const;
export type ParameterContract = (typeof parameterContracts)[number];

/** What has to be typed before a development node forgets its users. */
export const resetPhrase = 'forget everybody and everything they said';
