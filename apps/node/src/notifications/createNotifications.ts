import { NeuroError } from '@neurodata/protocol';
import type { Notification, NotificationSetting } from '@neurodata/protocol';
import { notificationKindNames } from '@neurodata/protocol';
import { and, desc, eq, inArray, isNull, lt } from 'drizzle-orm';
import type { Service } from '../common/service.ts';
import type { Transaction } from '../db/openDatabase.ts';
import { notificationSettings, notifications } from '../db/schema.ts';
import type { StoredSettings } from '../db/notifications.ts';
import { createDeliverer } from './createDeliverer.ts';
import { createLoop } from './createLoop.ts';
import { createWebhooks } from './createWebhooks.ts';
import type { Webhooks } from './createWebhooks.ts';
import { followChain } from './followChain.ts';
import type { Notice, NotificationDeps } from './NotificationDeps.ts';
import { forgetNotifications, tellDeadlines } from './tellDeadlines.ts';
import { settingOf, tellUsers } from './tellUsers.ts';

export type Notifications = Service & {
  /** Tells users of something; with `tx` if that commits, and then only. */
  tell(notice: Notice, tx?: Transaction): Promise<void>;
  /** Newest first, before `cursor`. */
  list(parameters: { userId: string; cursor?: number | undefined; limit?: number | undefined; unread?: boolean }): Promise<{ items: Notification[]; next?: number; unread: number; topic: string }>;
  /** Marks those, or all, as read; resolves with how many are left. */
  read(userId: string, notificationIds: number[] | undefined): Promise<number>;
  settings(userId: string): Promise<NotificationSetting[]>;
  setSettings(userId: string, items: NotificationSetting[]): Promise<NotificationSetting[]>;
  webhooks: Webhooks;
  /** Everything that is due, once: for tests. */
  step(): Promise<void>;
};

const pollMs = 2_000;
const slowMs = 60_000;

/** What users are told: kept in a list, and sent by e-mail and webhooks as they chose. */
export function createNotifications(parameters: Omit<NotificationDeps, 'now'> & { now?: () => number }): Notifications {
  const deps: NotificationDeps = { now: () => Math.floor(Date.now() / 1_000), ...parameters };
  const { orm } = deps.db;
  const announce = (userIds: readonly string[]): void => {
    if (userIds.length > 0) deps.changes.publish({ block: 0, topics: userIds.map((userId) => topicOf(deps, userId)) });
  };
  const tell = async (notice: Notice, tx?: Transaction): Promise<void> => {
    announce(tx ? await tellUsers(deps, tx, [notice]) : await orm.transaction((own) => tellUsers(deps, own, [notice])));
    sending.wake();
  };
  const deliverer = createDeliverer(deps, tell);
  const follow = async (): Promise<boolean> => {
    const { told, more } = await followChain(deps);
    announce(told);
    if (told.length > 0) sending.wake();
    return more;
  };
  const slow = async (): Promise<boolean> => {
    announce(await tellDeadlines(deps));
    await forgetNotifications(deps);
    return false;
  };
  const following = createLoop({ log: deps.log, everyMs: pollMs, work: follow });
  const sending = createLoop({ log: deps.log, everyMs: pollMs, work: async (signal) => (await deliverer.run(signal)) > 0 });
  const minding = createLoop({ log: deps.log, everyMs: slowMs, work: slow });
  const loops = [following, sending, minding];
  let stopListening = (): void => undefined;
  const unreadOf = (userId: string): Promise<number> => orm.$count(notifications, and(eq(notifications.userId, userId), eq(notifications.listed, true), isNull(notifications.readAt)));
  const settings = async (userId: string): Promise<NotificationSetting[]> => {
    const [row] = await orm.select().from(notificationSettings).where(eq(notificationSettings.userId, userId));
    return notificationKindNames.map((kind) => settingOf(row?.settings, kind));
  };
  return {
    tell, settings,
    list: async ({ userId, cursor, limit = 30, unread = false }) => {
      const where = and(eq(notifications.userId, userId), eq(notifications.listed, true), cursor === undefined ? undefined : lt(notifications.notificationId, cursor), unread ? isNull(notifications.readAt) : undefined);
      const rows = await orm.select().from(notifications).where(where).orderBy(desc(notifications.notificationId)).limit(limit + 1);
      const items = rows.slice(0, limit).map(({ notificationId, kind, title, body, link, at, readAt }) => ({ notificationId, kind, title, text: body, link, at, readAt }));
      return { items, ...(rows.length > limit ? { next: items.at(-1)!.notificationId } : {}), unread: await unreadOf(userId), topic: topicOf(deps, userId) };
    },
    read: async (userId, notificationIds) => {
      await orm.update(notifications).set({ readAt: deps.now() }).where(and(eq(notifications.userId, userId), isNull(notifications.readAt), notificationIds ? inArray(notifications.notificationId, notificationIds) : undefined));
      announce([userId]);
      return unreadOf(userId);
    },
    setSettings: async (userId, items) => {
      if (items.some(({ kind, list }) => kind.startsWith('security.') && !list)) throw new NeuroError('What is about security stays in the list.', { code: 'BAD_INPUT', remedy: 'Turn e-mail and webhooks off, if you must.' });
      await orm.transaction(async (tx) => {
        await tx.insert(notificationSettings).values({ userId, settings: {} }).onConflictDoNothing();
        const [row] = await tx.select().from(notificationSettings).where(eq(notificationSettings.userId, userId)).for('update');
        const chosen: StoredSettings = { ...row?.settings, ...Object.fromEntries(items.map(({ kind, ...channels }) => [kind, channels])) };
        await tx.update(notificationSettings).set({ settings: chosen }).where(eq(notificationSettings.userId, userId));
      });
      return settings(userId);
    },
    webhooks: createWebhooks(deps, () => sending.wake()),
    step: async () => {
      while (await follow());
      await slow();
      const { signal } = new AbortController();
      while ((await deliverer.run(signal)) > 0);
    },
    start: async () => {
      for (const loop of loops) loop.start();
      // What is new on chain is told at once; the poll is for what another process wrote.
      stopListening = deps.changes.subscribe(({ block }) => {
        if (block > 0) following.wake();
      });
    },
    stop: async () => {
      stopListening();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** What the public event stream names when a user has news: nobody else can tell whose it is. */
function topicOf({ box }: NotificationDeps, userId: string): string {
  return `news:${box.mac(`news ${userId}`).slice(0, 32)}`;
}
