import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import { cursor, juries, orders, seats } from '../db/schema.ts';
import { timeOf } from './chainNotices.ts';
import type { Notice, NotificationDeps } from './NotificationDeps.ts';
import { tellUsers } from './tellUsers.ts';

/** Seconds before its end at which a window is called to mind, or half of it where it is shorter than twice that. */
const ahead = 6 * 3_600;
/** Seconds for which a node may have been away, and still tells what it missed. */
const lookBack = 7 * 86_400;

/** Calls to mind what ends soon: votes that jurors owe, and the time in which a dispute can still go to a jury. The chain's clock counts. */
export async function tellDeadlines(deps: NotificationDeps): Promise<string[]> {
  return deps.db.orm.transaction(async (tx) => {
    const [head] = await tx.select().from(cursor);
    if (!head) return [];
    const now = head.timestamp;
    const owed = await tx.select({ disputeId: juries.disputeId, number: juries.number, juror: seats.juror, state: seats.state, openedAt: juries.openedAt, commitUntil: juries.commitUntil, revealUntil: juries.revealUntil })
      .from(seats).innerJoin(juries, and(eq(juries.disputeId, seats.disputeId), eq(juries.number, seats.number)))
      .where(and(inArray(seats.state, ['silent', 'committed']), gt(juries.revealUntil, now)));
    const votes = owed.flatMap(({ disputeId, number, juror, state, openedAt, commitUntil, revealUntil }): Notice[] => {
      const act = state === 'silent' ? 'commit' : 'reveal';
      const [from, until] = act === 'commit' ? [openedAt, commitUntil] : [commitUntil, revealUntil];
      if (from === null || until === null || !isSoon(now, from, until)) return [];
      return [{ kind: 'dispute.deadline', eventId: `dispute:${disputeId}:${number}:${act}:${until}`, title: `Your vote in dispute ${disputeId} is missing`, text: `${act === 'commit' ? 'Commit' : 'Reveal'} it by ${timeOf(until)}, or lose stake.`, link: `/disputes/${disputeId}`, at: now, accounts: [juror] }];
    });
    const open = await tx.select().from(orders).where(and(eq(orders.state, 'disputed'), inArray(orders.disputeState, ['accepted', 'undecided']), gt(orders.disputeUntil, now), lte(orders.disputeUntil, now + ahead)));
    const turns = open.map(({ orderId, buyer, seller, disputeUntil }): Notice => ({
      kind: 'dispute.deadline', eventId: `order:${orderId}:escalate:${disputeUntil}`, title: 'A dispute can go to a jury for a little while only', text: `Until ${timeOf(disputeUntil ?? now)}; after that what the committee found stands.`, link: `/orders/${orderId}`, at: now, accounts: [buyer, seller],
    }));
    const silent = await tx.select().from(orders).where(and(eq(orders.state, 'granted'), lte(orders.changedAt, now - deps.confirmSeconds), gt(orders.changedAt, now - deps.confirmSeconds - lookBack)));
    const claims = silent.map(({ orderId, seller }): Notice => ({
      kind: 'payout.claimable', eventId: `order:${orderId}:claimable`, title: 'The money for a sale waits for you', text: 'The buyer has not objected in time. Claim it on your account page.', link: `/orders/${orderId}`, at: now, accounts: [seller],
    }));
    return tellUsers(deps, tx, [...votes, ...turns, ...claims]);
  });
}

const isSoon = (now: number, from: number, until: number): boolean => now < until && until - now <= Math.min(ahead, (until - from) / 2);

/** Rows of what was told and sent long ago. */
export async function forgetNotifications(deps: NotificationDeps): Promise<void> {
  await deps.db.orm.execute(sql`DELETE FROM deliveries WHERE created_at < ${deps.now() - 30 * 86_400}`);
  await deps.db.orm.execute(sql`DELETE FROM notifications WHERE at < ${deps.now() - 365 * 86_400} AND read_at IS NOT NULL`);
}
