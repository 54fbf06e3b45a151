import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import { cursor, juries, orders, seats, subscriptions } from '../db/schema.ts';
import type { Transaction } from '../db/openDatabase.ts';
import { timeOf } from './chainNotices.ts';
import { findAsset } from './findAsset.ts';
import type { Notice, NotificationDeps } from './NotificationDeps.ts';
import { tellUsers } from './tellUsers.ts';

/** Seconds before its end at which a window is called to mind, or half of it where it is shorter than twice that. */
const ahead = 6 * 3_600;
/** The same for subscriptions, which are renewed by somebody who has to think about it. */
const aheadOfEnd = 3 * 86_400;
/** Seconds for which a node may have been away, and still tells what it missed. */
const lookBack = 7 * 86_400;

/** Calls to mind what ends soon: votes that jurors owe, the time in which a dispute can still go to a jury, and subscriptions, also those that have ended. The chain's clock counts. */
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
    return tellUsers(deps, tx, [...votes, ...turns, ...claims, ...(await subscriptionEnds(tx, now))]);
  });
}

/** Each time that it is paid anew it has another end, and so another notice. */
async function subscriptionEnds(tx: Transaction, now: number): Promise<Notice[]> {
  const rows = await tx.select().from(subscriptions).where(and(gt(subscriptions.paidUntil, now - lookBack), lte(subscriptions.paidUntil, now + aheadOfEnd)));
  const notices: Notice[] = [];
  for (const { subscriptionId, assetId, account, seller, period, paidUntil, closed } of rows) {
    const asset = await findAsset(tx, assetId);
    if (!asset) continue;
    const of = { at: now, eventId: `subscription:${subscriptionId}` };
    if (paidUntil <= now) {
      notices.push({ ...of, kind: 'subscription.ended', eventId: `${of.eventId}:ended:${paidUntil}`, title: `Your subscription to ${asset.name} has ended`, text: 'Keys that you have stay yours; later versions are not opened for you any more.', link: '/orders', accounts: [account] });
      notices.push({ ...of, kind: 'subscription.ended', eventId: `${of.eventId}:over:${paidUntil}`, title: `A subscription to ${asset.name} has ended`, text: 'What it has earned is yours to claim.', link: asset.link, accounts: [seller] });
    } else if (isSoon(now, paidUntil - period, paidUntil, aheadOfEnd)) {
      notices.push({ ...of, kind: 'subscription.ending', eventId: `${of.eventId}:ending:${paidUntil}`, title: `Your subscription to ${asset.name} ends soon`, text: `It is paid until ${timeOf(paidUntil)}. ${closed ? 'Its seller takes no renewals any more.' : 'Renew it to go on without a gap.'}`, link: '/orders', accounts: [account] });
    }
  }
  return notices;
}

const isSoon = (now: number, from: number, until: number, most = ahead): boolean => now < until && until - now <= Math.min(most, (until - from) / 2);

/** Rows of what was told and sent long ago. */
export async function forgetNotifications(deps: NotificationDeps): Promise<void> {
  await deps.db.orm.execute(sql`DELETE FROM deliveries WHERE created_at < ${deps.now() - 30 * 86_400}`);
  await deps.db.orm.execute(sql`DELETE FROM notifications WHERE at < ${deps.now() - 365 * 86_400} AND read_at IS NOT NULL`);
}
