import { z } from 'zod';
import { notificationKindNames, notificationSchema, notificationSettingSchema, webhookDeliverySchema, webhookSchema } from './notificationDto.ts';
import type { Route } from './route.ts';

const done = z.object({ done: z.literal(true) });
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const ofWebhook = z.object({ webhookId: z.uuid() });
/** Shown this once. */
const secret = z.string();

/** What users are told, and where. */
export const notificationRoutes = {
  listNotifications: {
    method: 'GET', path: '/api/v1/auth/notifications', summary: 'What the user was told, newest first; `topic` is what the event stream names when there is more', access: 'notifications:read',
    query: z.object({ cursor: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(100).optional(), unread: z.enum(['true', 'false']).optional() }),
    response: z.object({ items: z.array(notificationSchema), next: z.number().int().optional(), unread: z.number().int(), topic: z.string() }),
  },
  readNotifications: {
    method: 'POST', path: '/api/v1/auth/notifications/read', summary: 'Marks notifications as read; all of them where none are named', access: 'session',
    body: z.object({ notificationIds: z.array(z.number().int().positive().max(Number.MAX_SAFE_INTEGER)).min(1).max(1_000).optional() }), response: z.object({ unread: z.number().int() }),
  },
  listNotificationSettings: { method: 'GET', path: '/api/v1/auth/notifications/settings', summary: 'What goes where: list, e-mail, webhooks', access: 'session', response: list(notificationSettingSchema) },
  setNotificationSettings: {
    method: 'PUT', path: '/api/v1/auth/notifications/settings', summary: 'Changes where notifications of the named kinds go', access: 'session',
    body: z.object({ items: z.array(notificationSettingSchema).min(1).max(notificationKindNames.length) }), response: list(notificationSettingSchema),
  },
  listWebhooks: { method: 'GET', path: '/api/v1/auth/webhooks', summary: 'Webhooks of the account, newest first', access: 'session', response: list(webhookSchema) },
  createWebhook: {
    method: 'POST', path: '/api/v1/auth/webhooks', summary: 'Has notifications posted to an https address (Standard Webhooks); the secret is told this once', access: 'session',
    body: z.object({ url: z.string().min(1).max(2_000), kinds: z.array(z.enum(notificationKindNames)).min(1).max(notificationKindNames.length).optional() }), response: z.object({ item: webhookSchema, secret }),
  },
  deleteWebhook: { method: 'DELETE', path: '/api/v1/auth/webhooks/{webhookId}', summary: 'Removes a webhook and its log', access: 'session', params: ofWebhook, response: done },
  enableWebhook: { method: 'POST', path: '/api/v1/auth/webhooks/{webhookId}/enable', summary: 'Turns a webhook on again that failed for too long', access: 'session', params: ofWebhook, response: webhookSchema },
  renewWebhookSecret: { method: 'POST', path: '/api/v1/auth/webhooks/{webhookId}/secret', summary: 'A new secret; the old one signs nothing any more', access: 'session', params: ofWebhook, response: z.object({ secret }) },
  testWebhook: { method: 'POST', path: '/api/v1/auth/webhooks/{webhookId}/test', summary: 'Posts a message of no meaning', access: 'session', params: ofWebhook, response: z.object({ deliveryId: z.string() }) },
  listWebhookDeliveries: {
    method: 'GET', path: '/api/v1/auth/webhooks/{webhookId}/deliveries', summary: 'What was posted in the last 30 days and what came of it, newest first', access: 'session', params: ofWebhook,
    query: z.object({ cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(100).optional() }), response: z.object({ items: z.array(webhookDeliverySchema), next: z.number().int().optional() }),
  },
  replayWebhookDelivery: {
    method: 'POST', path: '/api/v1/auth/webhooks/{webhookId}/deliveries/{deliveryId}/replay', summary: 'Posts a message again, under its old id', access: 'session',
    params: ofWebhook.extend({ deliveryId: z.uuid() }), response: done,
  },
} as const satisfies Record<string, Route>;

export type NotificationRouteName = keyof typeof notificationRoutes;
