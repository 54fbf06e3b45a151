import type { notifications } from '../db/schema.ts';
import type { NotificationDeps } from './NotificationDeps.ts';

type Told = Pick<typeof notifications.$inferSelect, 'notificationId' | 'eventId' | 'kind' | 'title' | 'body' | 'link' | 'at'>;

/** What is posted of a notification, in the form that Standard Webhooks advises. */
export function webhookBody(deps: Pick<NotificationDeps, 'siteUrl'>, { notificationId, eventId, kind, title, body, link, at }: Told): string {
  return JSON.stringify({ type: kind, timestamp: new Date(at * 1_000).toISOString(), data: { notificationId, eventId, title, text: body, url: `${deps.siteUrl()}${link}` } });
}
