import type { AppealOfHidden, ReportReason, ReportState } from '@neurodata/protocol';
import { bigint, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, hex, whole } from './columns.ts';

/** Tables of `migrations/0017_trust.sql`; what each one holds is said there. */

export const sellerReplies = pgTable('seller_replies', {
  orderId: hex('order_id').primaryKey(),
  seller: address('seller').notNull(),
  text: text('text').notNull(),
  signedAt: whole('signed_at').notNull(),
  signature: hex('signature').notNull(),
});

export const reports = pgTable('reports', {
  reportId: text('report_id').primaryKey(),
  subject: text('subject').notNull(),
  reason: text('reason').$type<ReportReason>().notNull(),
  evidence: text('evidence').notNull(),
  reporter: text('reporter'),
  state: text('state').$type<ReportState>().notNull(),
  createdAt: whole('created_at').notNull(),
  decidedAt: whole('decided_at'),
  decision: text('decision'),
});

export const hiddenSubjects = pgTable('hidden_subjects', {
  subject: text('subject').primaryKey(),
  reason: text('reason').notNull(),
  hiddenAt: whole('hidden_at').notNull(),
  appeal: text('appeal').$type<AppealOfHidden>().notNull(),
  appealText: text('appeal_text'),
  appealedAt: whole('appealed_at'),
  answer: text('answer'),
});

export const assetViews = pgTable('asset_views', {
  assetId: whole('asset_id').notNull(),
  /** Unix seconds of its start, UTC. */
  day: whole('day').notNull(),
  visitors: whole('visitors').notNull(),
}, (table) => [primaryKey({ columns: [table.assetId, table.day] })]);

export const auditLog = pgTable('audit_log', {
  id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  at: whole('at').notNull(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  reason: text('reason'),
  details: jsonb('details').$type<Record<string, unknown>>().notNull(),
  requestId: text('request_id').notNull(),
});
