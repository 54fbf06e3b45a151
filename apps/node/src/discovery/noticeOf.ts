import type { NotificationKind } from '@neurodata/protocol';
import type { Alert } from './findAlerts.ts';

const titles = { match: 'Something new for your search', version: 'A new version of what you watch', price: 'A lower price of what you watch' } as const;
const kinds = { match: 'search.alert', version: 'asset.version', price: 'search.alert' } as const satisfies Record<Alert['kind'], NotificationKind>;

/** An alert as people are told of it: in their list, by mail and by webhooks, as they chose. */
export function noticeOf({ userId, kind, assetId, assetKind, key, text, at }: Alert): { kind: NotificationKind; eventId: string; title: string; text: string; link: string; at: number; userIds: string[] } {
  return { kind: kinds[kind], eventId: key, title: titles[kind], text, link: `/${assetKind}s/${assetId}`, at, userIds: [userId] };
}
