import type { NotificationKind, NotificationSetting, User, Webhook, WebhookDelivery } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../client/api.ts';
import { useOwn } from './user.ts';

export type News = Awaited<ReturnType<typeof api.listNotifications>>;

export const notificationsKey = ['user', 'notifications'] as const;

export const notificationsQuery = () => queryOptions<News>({ queryKey: notificationsKey, queryFn: ({ signal }) => api.listNotifications({ limit: 20 }, { signal }) });

export const notificationSettingsQuery = () => queryOptions<NotificationSetting[]>({ queryKey: ['user', 'notification-settings'], queryFn: async ({ signal }) => (await api.listNotificationSettings(undefined, { signal })).items });

export const webhooksQuery = () => queryOptions<Webhook[]>({ queryKey: ['user', 'webhooks'], queryFn: async ({ signal }) => (await api.listWebhooks(undefined, { signal })).items });

export const webhookDeliveriesQuery = (webhookId: string) =>
  queryOptions<WebhookDelivery[]>({ queryKey: ['user', 'webhooks', webhookId], queryFn: async ({ signal }) => (await api.listWebhookDeliveries({ webhookId }, { signal })).items, refetchInterval: 3_000 });

export const useReadNotificationsMutation = () => useOwn((notificationIds: number[] | undefined) => api.readNotifications(notificationIds ? { notificationIds } : {}));

export const useSetNotificationMutation = () => useOwn((setting: NotificationSetting) => api.setNotificationSettings({ items: [setting] }));

export const useCreateWebhookMutation = () => useOwn((input: { url: string; kinds?: NotificationKind[] }) => api.createWebhook(input));

export const useDeleteWebhookMutation = () => useOwn((webhookId: string) => api.deleteWebhook({ webhookId }));

export const useEnableWebhookMutation = () => useOwn((webhookId: string) => api.enableWebhook({ webhookId }));

export const useTestWebhookMutation = () => useOwn((webhookId: string) => api.testWebhook({ webhookId }));

export const useReplayMutation = () => useOwn((input: { webhookId: string; deliveryId: string }) => api.replayWebhookDelivery(input));

export const useSetProfileMutation = () => useOwn((profile: User['profile']) => api.setProfile(profile));

export const useBeginEmailMutation = () => useOwn((input: { email: string; current?: string; password?: string }) => api.beginEmail(input));

export const useConfirmEmailMutation = () => useOwn((input: { code: string; oldCode?: string }) => api.confirmEmail(input));

export const useChangePasswordMutation = () => useOwn((input: { current: string; password: string }) => api.changePassword(input));
