import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import { deliveries, webhooks } from '../db/schema.ts';
import { placeOfSecret } from './createWebhooks.ts';
import type { Notice, NotificationDeps } from './NotificationDeps.ts';
import { postWebhook } from './postWebhook.ts';
import { signWebhook } from './signWebhook.ts';

/** Seconds until the next try, after each failure; about three days in all. */
const waits = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/** Seconds for which whoever takes a delivery keeps it: a process that dies leaves it to the next one. */
const lease = 60;
const atOnce = 10;
/** A webhook that fails for so long is turned off. */
const mostFailing = 3 * 86_400;

type Delivery = typeof deliveries.$inferSelect;

export type Deliverer = {
  /** Sends what is due; resolves with how many. */
  run(signal: AbortSignal): Promise<number>;
};

/** Posts webhooks from their table: tried again with growing waits, by one process at a time. `tell` is for what users must know of it. */
export function createDeliverer(deps: NotificationDeps, tell: (notice: Notice) => Promise<void>): Deliverer {
  const { orm } = deps.db;
  const claim = async (): Promise<Delivery[]> => {
    const due = orm.select({ deliveryId: deliveries.deliveryId }).from(deliveries)
      .where(and(eq(deliveries.state, 'waiting'), lte(deliveries.nextAt, deps.now())))
      .orderBy(asc(deliveries.nextAt)).limit(atOnce).for('update', { skipLocked: true });
    return orm.update(deliveries).set({ nextAt: deps.now() + lease, attempts: sql`${deliveries.attempts} + 1` }).where(inArray(deliveries.deliveryId, due)).returning();
  };
  const settle = async ({ deliveryId, attempts }: Delivery, result: { status?: number; error?: string; gone?: boolean }): Promise<void> => {
    const { status = null, error = null, gone = false } = result;
    const wait = waits[attempts - 1];
    const state = error === null ? 'delivered' as const : gone || wait === undefined ? 'failed' as const : 'waiting' as const;
    // Retries of many messages do not come all at once.
    const nextAt = deps.now() + Math.ceil((wait ?? 0) * (1 + Math.random() / 4));
    await orm.update(deliveries).set({ state, status, error, nextAt, doneAt: state === 'waiting' ? null : deps.now() }).where(eq(deliveries.deliveryId, deliveryId));
  };
  const post = async (delivery: Delivery, signal: AbortSignal): Promise<void> => {
    const [hook] = await orm.select().from(webhooks).where(eq(webhooks.webhookId, delivery.webhookId));
    if (!hook) return;
    if (hook.disabledAt !== null) return settle(delivery, { error: 'The webhook is turned off.', gone: true });
    const { deliveryId: id, body } = delivery;
    const headers = signWebhook({ secret: deps.box.open(hook.sealedSecret, placeOfSecret(hook.webhookId)), id: `msg_${id}`, timestamp: deps.now(), body });
    const result = await postWebhook({ url: hook.url, headers, body, loopback: deps.loopbackWebhooks, signal }).then(
      (status) => (status >= 200 && status < 300 ? { status } : { status, error: `The answer was ${status}.`, gone: status === 410 }),
      (error: unknown) => ({ error: wordsOf(error) }),
    );
    await settle(delivery, result);
    if (!('error' in result)) await orm.update(webhooks).set({ failingSince: null }).where(eq(webhooks.webhookId, hook.webhookId));
    else await noteFailure(hook, 'gone' in result && result.gone === true);
  };
  const noteFailure = async (hook: typeof webhooks.$inferSelect, gone: boolean): Promise<void> => {
    const since = hook.failingSince ?? deps.now();
    if (!gone && deps.now() - since < mostFailing) {
      await orm.update(webhooks).set({ failingSince: since }).where(eq(webhooks.webhookId, hook.webhookId));
      return;
    }
    const reason = gone ? 'It answered that it is gone (410).' : 'It failed for three days.';
    const { rowCount } = await orm.update(webhooks).set({ failingSince: since, disabledAt: deps.now(), disabledReason: reason }).where(and(eq(webhooks.webhookId, hook.webhookId), isNull(webhooks.disabledAt)));
    if (rowCount === 0) return;
    await tell({ kind: 'webhook.disabled', eventId: `webhook:${hook.webhookId}:${deps.now()}`, title: 'A webhook was turned off', text: `${hook.url.slice(0, 200)}: ${reason}`, link: '/user', at: deps.now(), userIds: [hook.userId] });
  };
  return {
    run: async (signal) => {
      const claimed = await claim();
      await Promise.all(claimed.map((delivery) => post(delivery, signal)));
      return claimed.length;
    },
  };
}

/** For the user's eyes: what went wrong on the way, no more. */
function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer within 5 seconds.';
  return `${error instanceof Error ? error.message : 'It failed.'}${code && error instanceof Error && !error.message.includes(code) ? ` (${code})` : ''}`.slice(0, 300);
}
