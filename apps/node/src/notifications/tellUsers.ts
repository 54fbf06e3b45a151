import { randomUUID } from 'node:crypto';
import { notificationKinds } from '@neurodata/protocol';
import type { NotificationKind, NotificationSetting } from '@neurodata/protocol';
import { inArray, isNull, and } from 'drizzle-orm';
import { storable } from '../common/storable.ts';
import type { Transaction } from '../db/openDatabase.ts';
import { deliveries, notificationSettings, notifications, userWallets, users, webhooks } from '../db/schema.ts';
import type { StoredSettings } from '../db/notifications.ts';
import type { Notice, NotificationDeps } from './NotificationDeps.ts';
import { webhookBody } from './webhookBody.ts';

/** Seconds by which a chain's clock may be behind ours. */
const clockSlack = 60;

type Told = typeof notifications.$inferSelect;
type Pair = { userId: string; notice: Notice };

/**
 * Writes a notification for each recipient who has none of the same event yet, and what is to be sent of it, all in one transaction.
 * Returns the users who were told something new.
 */
export async function tellUsers(deps: NotificationDeps, tx: Transaction, notices: readonly Notice[]): Promise<string[]> {
  const pairs = await recipientsOf(tx, notices);
  if (pairs.length === 0) return [];
  const settings = await readSettings(tx, [...new Set(pairs.map(({ userId }) => userId))]);
  const rows = pairs.map(({ userId, notice: { kind, eventId, title, text, link, at } }) => ({ userId, eventId, kind, title: storable(title), body: storable(text), link, at, listed: settingOf(settings.get(userId), kind).list, readAt: null }));
  const fresh = await tx.insert(notifications).values(rows).onConflictDoNothing().returning();
  await enqueue(deps, tx, fresh, settings);
  const mailed = new Set(notices.filter((notice) => notice.mailed).map(({ eventId }) => eventId));
  await sendMails(deps, tx, fresh.filter(({ userId, kind, eventId }) => settingOf(settings.get(userId), kind).mail && !mailed.has(eventId)));
  return [...new Set(fresh.filter(({ listed }) => listed).map(({ userId }) => userId))];
}

/** A wallet's new owner is not told what happened before it was linked. */
async function recipientsOf(tx: Transaction, notices: readonly Notice[]): Promise<Pair[]> {
  const accounts = [...new Set(notices.flatMap((notice) => notice.accounts ?? []))];
  const links = accounts.length === 0 ? [] : await tx.select().from(userWallets).where(inArray(userWallets.address, accounts));
  const pairs = new Map<string, Pair>();
  for (const notice of notices) {
    const owners = links.filter(({ address, linkedAt }) => notice.accounts?.some((account) => account.toLowerCase() === address.toLowerCase()) && linkedAt <= notice.at + clockSlack);
    for (const userId of [...(notice.userIds ?? []), ...owners.map((owner) => owner.userId)]) pairs.set(`${userId} ${notice.eventId}`, { userId, notice });
  }
  return [...pairs.values()];
}

async function readSettings(tx: Transaction, userIds: string[]): Promise<Map<string, StoredSettings>> {
  const rows = await tx.select().from(notificationSettings).where(inArray(notificationSettings.userId, userIds));
  return new Map(rows.map(({ userId, settings }) => [userId, settings]));
}

/** Where a kind goes for a user: as chosen, else as is usual. What is about security is always in the list. */
export function settingOf(settings: StoredSettings | undefined, kind: NotificationKind): NotificationSetting {
  const chosen = settings?.[kind] ?? { list: true, mail: notificationKinds[kind].mail, webhook: true };
  return { kind, ...chosen, list: chosen.list || kind.startsWith('security.') };
}

async function enqueue(deps: NotificationDeps, tx: Transaction, fresh: Told[], settings: Map<string, StoredSettings>): Promise<void> {
  const hooks = fresh.length === 0 ? [] : await tx.select().from(webhooks).where(and(inArray(webhooks.userId, fresh.map(({ userId }) => userId)), isNull(webhooks.disabledAt)));
  const waiting = { state: 'waiting' as const, attempts: 0, nextAt: deps.now(), createdAt: deps.now() };
  const rows = fresh.flatMap((row) => {
    const { userId, notificationId, kind } = row;
    if (!settingOf(settings.get(userId), kind).webhook) return [];
    return hooks.filter((hook) => hook.userId === userId && (hook.kinds === null || hook.kinds.includes(kind)))
      .map((hook) => ({ userId, notificationId, kind, ...waiting, deliveryId: randomUUID(), webhookId: hook.webhookId, body: webhookBody(deps, row) }));
  });
  if (rows.length > 0) await tx.insert(deliveries).values(rows);
}

/** Seconds for which a mail about something that happened is worth sending. */
const mailLifetime = 3 * 86_400;

async function sendMails(deps: NotificationDeps, tx: Transaction, told: Told[]): Promise<void> {
  const { mailer } = deps;
  if (!mailer || told.length === 0) return;
  const people = await tx.select({ userId: users.userId, email: users.email }).from(users).where(inArray(users.userId, told.map(({ userId }) => userId)));
  const addressOf = new Map(people.map(({ userId, email }) => [userId, email]));
  for (const { userId, title, body, link, kind } of told) {
    const to = addressOf.get(userId);
    if (!to) continue;
    const text = `${body}\n\n${deps.siteUrl()}${link}\n\nYou get this mail because of your settings (“${notificationKinds[kind].label}”): ${deps.siteUrl()}/user\n`;
    await mailer.send({ to, subject: title, text, usefulUntil: deps.now() + mailLifetime }, tx);
  }
}
