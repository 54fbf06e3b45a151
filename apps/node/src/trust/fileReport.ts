import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { ReportReason } from '@neurodata/protocol';
import { and, count, eq, gt, sql } from 'drizzle-orm';
import { storable } from '../common/storable.ts';
import type { Database } from '../db/openDatabase.ts';
import { reports, users } from '../db/schema.ts';
import { getSubject } from './subjects.ts';

/** Of one user, in a day. */
const mostADay = 10;

/** Puts a report into the queue of the curators. Throws NOT_FOUND, RATE_LIMITED, and CONFLICT where one of the user's about the same is open. */
export async function fileReport(db: Database, parameters: { userId: string; subject: string; reason: ReportReason; evidence: string }): Promise<typeof reports.$inferSelect> {
  const { userId, subject, reason, evidence } = parameters;
  await getSubject(db.orm, subject);
  return db.orm.transaction(async (tx) => {
    const now = Math.floor(Date.now() / 1_000);
    // Locks the user, so that parallel reports count each other.
    await tx.select({ userId: users.userId }).from(users).where(eq(users.userId, userId)).for('update');
    const [made] = await tx.select({ count: count() }).from(reports).where(and(eq(reports.reporter, userId), gt(reports.createdAt, now - 86_400)));
    if ((made?.count ?? 0) >= mostADay) throw new NeuroError(`You have reported ${mostADay} things today.`, { code: 'RATE_LIMITED', remedy: 'Go on tomorrow.' });
    const row = { reportId: randomUUID(), subject, reason, evidence: storable(evidence), reporter: userId, state: 'open' as const, createdAt: now };
    const [kept] = await tx.insert(reports).values(row).onConflictDoNothing({ target: [reports.reporter, reports.subject], where: sql`state = 'open'` }).returning();
    if (!kept) throw new NeuroError(`Your report about ${subject} is open already.`, { code: 'CONFLICT', remedy: 'Wait for a curator.' });
    return kept;
  });
}
