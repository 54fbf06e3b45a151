import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { NotificationKind, Webhook, WebhookDelivery } from '@neurodata/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { deliveries, webhooks } from '../db/schema.ts';
import type { NotificationDeps } from './NotificationDeps.ts';
import { checkWebhookUrl } from './postWebhook.ts';
import { newWebhookSecret } from './signWebhook.ts';

const mostWebhooks = 10;

type OfUser = { userId: string; webhookId: string };

export type Webhooks = {
  list(userId: string): Promise<Webhook[]>;
  create(parameters: { userId: string; url: string; kinds?: NotificationKind[] | undefined }): Promise<{ item: Webhook; secret: string }>;
  remove(of: OfUser): Promise<void>;
  enable(of: OfUser): Promise<Webhook>;
  renewSecret(of: OfUser): Promise<{ secret: string }>;
  /** Has a message of no meaning posted. */
  test(of: OfUser): Promise<{ deliveryId: string }>;
  /** Newest first. */
  deliveries(of: OfUser, part: { limit: number; offset: number }): Promise<WebhookDelivery[]>;
  replay(of: OfUser & { deliveryId: string }): Promise<void>;
};

export const placeOfSecret = (webhookId: string): string => `webhook ${webhookId}`;

/** Where users have notifications posted to. `wake` is called when there is something to send. */
export function createWebhooks(deps: NotificationDeps, wake: () => void): Webhooks {
  const { orm } = deps.db;
  const mine = ({ userId, webhookId }: OfUser) => and(eq(webhooks.webhookId, webhookId), eq(webhooks.userId, userId));
  const find = async (of: OfUser): Promise<typeof webhooks.$inferSelect> => {
    const [row] = await orm.select().from(webhooks).where(mine(of));
    if (!row) throw unknown();
    return row;
  };
  return {
    list: async (userId) => (await orm.select().from(webhooks).where(eq(webhooks.userId, userId)).orderBy(desc(webhooks.createdAt))).map(present),
    create: async ({ userId, url, kinds }) => {
      const checked = await checkWebhookUrl(url, { loopback: deps.loopbackWebhooks });
      if ((await orm.$count(webhooks, eq(webhooks.userId, userId))) >= mostWebhooks) throw new NeuroError(`You have ${mostWebhooks} webhooks.`, { code: 'CONFLICT', remedy: 'Remove one that is not used any more.' });
      const [webhookId, secret] = [randomUUID(), newWebhookSecret()];
      const row = { webhookId, userId, url: checked.url.href, sealedSecret: deps.box.seal(secret, placeOfSecret(webhookId)), kinds: kinds ? [...new Set(kinds)] : null, createdAt: deps.now(), failingSince: null, disabledAt: null, disabledReason: null };
      await orm.insert(webhooks).values(row);
      return { item: present(row), secret };
    },
    remove: async (of) => {
      const { rowCount } = await orm.delete(webhooks).where(mine(of));
      if (rowCount === 0) throw unknown();
    },
    enable: async (of) => {
      const [row] = await orm.update(webhooks).set({ disabledAt: null, disabledReason: null, failingSince: null }).where(mine(of)).returning();
      if (!row) throw unknown();
      return present(row);
    },
    renewSecret: async (of) => {
      const secret = newWebhookSecret();
      const { rowCount } = await orm.update(webhooks).set({ sealedSecret: deps.box.seal(secret, placeOfSecret(of.webhookId)) }).where(mine(of));
      if (rowCount === 0) throw unknown();
      return { secret };
    },
    test: async (of) => {
      const { webhookId, userId } = await find(of);
      const deliveryId = randomUUID();
      const body = JSON.stringify({ type: 'test', timestamp: new Date(deps.now() * 1_000).toISOString(), data: { text: 'This is how messages arrive.' } });
      await orm.insert(deliveries).values({ deliveryId, userId, webhookId, notificationId: null, kind: 'test', body, state: 'waiting', attempts: 0, nextAt: deps.now(), createdAt: deps.now() });
      wake();
      return { deliveryId };
    },
    deliveries: async (of, { limit, offset }) => {
      await find(of);
      const rows = await orm.select().from(deliveries).where(eq(deliveries.webhookId, of.webhookId)).orderBy(desc(deliveries.createdAt), desc(deliveries.deliveryId)).limit(limit).offset(offset);
      return rows.map(({ deliveryId, kind, state, attempts, status, error, createdAt, nextAt, doneAt }) => ({ deliveryId, kind, state, attempts, status, error, createdAt, nextAt: state === 'waiting' ? nextAt : null, doneAt }));
    },
    replay: async ({ deliveryId, ...of }) => {
      const { disabledAt } = await find(of);
      if (disabledAt !== null) throw new NeuroError('This webhook is turned off.', { code: 'CONFLICT', remedy: 'Turn it on first.' });
      const { rowCount } = await orm.update(deliveries).set({ state: 'waiting', attempts: 0, nextAt: deps.now(), doneAt: null }).where(and(eq(deliveries.deliveryId, deliveryId), eq(deliveries.webhookId, of.webhookId)));
      if (rowCount === 0) throw new NeuroError('There is no such delivery.', { code: 'NOT_FOUND', remedy: 'Deliveries are kept for 30 days.' });
      wake();
    },
  };
}

function present({ webhookId, url, kinds, createdAt, failingSince, disabledAt, disabledReason }: typeof webhooks.$inferSelect): Webhook {
  return { webhookId, url, kinds, createdAt, failingSince, disabledAt, disabledReason };
}

function unknown(): NeuroError {
  return new NeuroError('You have no such webhook.', { code: 'NOT_FOUND', remedy: 'It may be gone already.' });
}
