export { createNotifications } from './createNotifications.ts';
export type { Notifications } from './createNotifications.ts';
export type { Notice } from './NotificationDeps.ts';
