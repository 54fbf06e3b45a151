import { z } from 'zod';
import { assetSummarySchema } from './dto.ts';
import { secondsSchema } from './schemas.ts';
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
