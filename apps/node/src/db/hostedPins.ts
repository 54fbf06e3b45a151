import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { whole } from './columns.ts';

export const pinStates = ['queued', 'pinning', 'pinned', 'failed'] as const;
export type HostedPinState = (typeof pinStates)[number];

/** Table of `migrations/0023_hosted_pins.sql`. */
export const hostedPins = pgTable('hosted_pins', {
  requestId: text('request_id').primaryKey(),
  userId: text('user_id').notNull(),
  cid: text('cid').notNull(),
  root: text('root').notNull(),
  name: text('name'),
  origins: jsonb('origins').$type<string[]>().notNull(),
  meta: jsonb('meta').$type<Record<string, string>>().notNull(),
  status: text('status').$type<HostedPinState>().notNull(),
  why: text('why'),
  tries: whole('tries').notNull(),
  created: whole('created').notNull(),
  bytes: whole('bytes'),
});
export type HostedPin = typeof hostedPins.$inferSelect;
