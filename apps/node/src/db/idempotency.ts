import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { whole } from './columns.ts';

/** The table of `migrations/0012_idempotency.sql`; what it holds is said there. */
export const idempotencyKeys = pgTable('idempotency_keys', {
  keyId: text('key_id').primaryKey(),
  userId: text('user_id'),
  request: text('request').notNull(),
  status: integer('status'),
  sealedAnswer: text('sealed_answer'),
  busyUntil: whole('busy_until').notNull(),
  expiresAt: whole('expires_at').notNull(),
});
