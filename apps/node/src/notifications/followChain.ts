import { createHash } from 'node:crypto';
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { Transaction } from '../db/openDatabase.ts';
import { blocks, cursor, events, notificationCursors } from '../db/schema.ts';
import { chainNotices } from './chainNotices.ts';
import type { NotificationDeps } from './NotificationDeps.ts';
import { tellUsers } from './tellUsers.ts';

const source = 'chain';
/** Events of one transaction. */
const batch = 200;
/** As many headers as the indexer keeps: a reorganisation goes no deeper. */
const deepest = 256;
/** After every event of a block. */
const wholeBlock = 2 ** 31 - 1;

/**
 * Tells of the events that the indexer has written since the last time. The place is kept with what was told, in one transaction: a
 * process that dies between leaves neither. After a reorganisation it goes back and looks again; what is there again was told already.
 */
export async function followChain(deps: NotificationDeps): Promise<{ told: string[]; more: boolean }> {
  if (await isDone(deps)) return { told: [], more: false };
  return deps.db.orm.transaction(async (tx) => {
    const [head] = await tx.select().from(cursor);
    if (!head) return { told: [], more: false };
    const from = await placeOf(tx, head.block);
    const upTo = head.block - deps.confirmations;
    const rows = await tx.select().from(events).where(and(sql`(${events.block}, ${events.logIndex}) > (${from.block}, ${from.logIndex})`, lte(events.block, upTo))).orderBy(asc(events.block), asc(events.logIndex)).limit(batch);
    // Numbers begin anew with another deployment.
    const prefix = createHash('sha256').update(head.deployment).digest('hex').slice(0, 8);
    const notices = [];
    for (const row of rows) for (const notice of await chainNotices(tx, row, deps.readBlock)) notices.push({ ...notice, eventId: `${prefix}:${notice.eventId}` });
    const told = await tellUsers(deps, tx, notices);
    const last = rows.length < batch ? { block: Math.max(upTo, 0), logIndex: wholeBlock } : { block: rows.at(-1)!.block, logIndex: rows.at(-1)!.logIndex };
    const [header] = await tx.select({ hash: blocks.hash }).from(blocks).where(eq(blocks.number, last.block));
    await tx.update(notificationCursors).set({ ...last, hash: header?.hash ?? '' }).where(eq(notificationCursors.source, source));
    return { told, more: rows.length === batch };
  });
}

/** Whether everything was told up to the head, and the chain is still the same: the usual answer, which takes no transaction. */
async function isDone({ db, confirmations }: NotificationDeps): Promise<boolean> {
  const [head] = await db.orm.select({ block: cursor.block }).from(cursor);
  const [place] = await db.orm.select().from(notificationCursors).where(eq(notificationCursors.source, source));
  if (!head || !place) return !head;
  if (place.block !== Math.max(head.block - confirmations, 0) || place.logIndex !== wholeBlock) return false;
  const [now] = await db.orm.select({ hash: blocks.hash }).from(blocks).where(eq(blocks.number, place.block));
  return (now?.hash ?? '') === place.hash;
}

/** Up to where was told, further back after a reorganisation. A node that never told anything begins with what comes now. */
async function placeOf(tx: Transaction, head: number): Promise<{ block: number; logIndex: number }> {
  await tx.insert(notificationCursors).values({ source, block: head, logIndex: wholeBlock, hash: '' }).onConflictDoNothing();
  // Of two processes on one database the second waits here.
  const [row] = await tx.select().from(notificationCursors).where(eq(notificationCursors.source, source)).for('update');
  if (!row) return { block: head, logIndex: wholeBlock };
  const [now] = await tx.select({ hash: blocks.hash }).from(blocks).where(eq(blocks.number, row.block));
  const isOther = now !== undefined && row.hash !== '' && now.hash !== row.hash;
  if (row.block <= head && !isOther) return row;
  return { block: Math.max(Math.min(row.block, head) - deepest, -1), logIndex: wholeBlock };
}
