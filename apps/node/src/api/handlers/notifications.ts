import { countedPage } from '../reads/pages.ts';
import type { Handler } from './Handler.ts';

const done = { done: true } as const;

export const listNotifications: Handler<'listNotifications'> = async ({ notifications }, { principal, query }) =>
  notifications.list({ userId: principal.userId, cursor: query.cursor, limit: query.limit, unread: query.unread === 'true' });

export const readNotifications: Handler<'readNotifications'> = async ({ notifications }, { principal, body }) => ({ unread: await notifications.read(principal.userId, body.notificationIds) });

export const listNotificationSettings: Handler<'listNotificationSettings'> = async ({ notifications }, { principal }) => ({ items: await notifications.settings(principal.userId) });

export const setNotificationSettings: Handler<'setNotificationSettings'> = async ({ notifications }, { principal, body }) => ({ items: await notifications.setSettings(principal.userId, body.items) });

export const listWebhooks: Handler<'listWebhooks'> = async ({ notifications }, { principal }) => ({ items: await notifications.webhooks.list(principal.userId) });

export const createWebhook: Handler<'createWebhook'> = async ({ notifications }, { principal, body }) => notifications.webhooks.create({ ...body, userId: principal.userId });

export const deleteWebhook: Handler<'deleteWebhook'> = async ({ notifications }, { principal, params }) => {
  await notifications.webhooks.remove({ ...params, userId: principal.userId });
  return done;
};

export const enableWebhook: Handler<'enableWebhook'> = async ({ notifications }, { principal, params }) => notifications.webhooks.enable({ ...params, userId: principal.userId });

export const renewWebhookSecret: Handler<'renewWebhookSecret'> = async ({ notifications }, { principal, params }) => notifications.webhooks.renewSecret({ ...params, userId: principal.userId });

export const testWebhook: Handler<'testWebhook'> = async ({ notifications }, { principal, params }) => notifications.webhooks.test({ ...params, userId: principal.userId });

export const listWebhookDeliveries: Handler<'listWebhookDeliveries'> = async ({ notifications }, { principal, params, query: { cursor = 0, limit = 100 } }) =>
  countedPage(await notifications.webhooks.deliveries({ ...params, userId: principal.userId }, { limit: limit + 1, offset: cursor }), { cursor, limit });

export const replayWebhookDelivery: Handler<'replayWebhookDelivery'> = async ({ notifications }, { principal, params }) => {
  await notifications.webhooks.replay({ ...params, userId: principal.userId });
  return done;
};
