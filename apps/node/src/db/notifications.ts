import type { NotificationKind, NotificationSetting, WebhookDelivery } from '@neurodata/protocol';
import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { whole } from './columns.ts';

/** Tables of `migrations/0016_notifications.sql`; what each one holds is said there. */

export const notifications = pgTable('notifications', {
  notificationId: bigint('notification_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  userId: text('user_id').notNull(),
  eventId: text('event_id').notNull(),
  kind: text('kind').$type<NotificationKind>().notNull(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  link: text('link').notNull(),
  at: whole('at').notNull(),
  listed: boolean('listed').notNull(),
  readAt: whole('read_at'),
});

export type StoredSettings = Partial<Record<NotificationKind, Omit<NotificationSetting, 'kind'>>>;

export const notificationSettings = pgTable('notification_settings', { userId: text('user_id').primaryKey(), settings: jsonb('settings').$type<StoredSettings>().notNull() });

export const notificationCursors = pgTable('notification_cursors', {
  source: text('source').primaryKey(),
  block: whole('block').notNull(),
  logIndex: integer('log_index').notNull(),
  hash: text('hash').notNull(),
});

export const webhooks = pgTable('webhooks', {
  webhookId: text('webhook_id').primaryKey(),
  userId: text('user_id').notNull(),
  url: text('url').notNull(),
  sealedSecret: text('sealed_secret').notNull(),
  kinds: jsonb('kinds').$type<NotificationKind[]>(),
  createdAt: whole('created_at').notNull(),
  failingSince: whole('failing_since'),
  disabledAt: whole('disabled_at'),
  disabledReason: text('disabled_reason'),
});

export const deliveries = pgTable('deliveries', {
  deliveryId: text('delivery_id').primaryKey(),
  userId: text('user_id').notNull(),
  webhookId: text('webhook_id').notNull(),
  notificationId: whole('notification_id'),
  kind: text('kind').notNull(),
  body: text('body').notNull(),
  state: text('state').$type<WebhookDelivery['state']>().notNull(),
  attempts: integer('attempts').notNull(),
  nextAt: whole('next_at').notNull(),
  status: integer('status'),
  error: text('error'),
  createdAt: whole('created_at').notNull(),
  doneAt: whole('done_at'),
});
