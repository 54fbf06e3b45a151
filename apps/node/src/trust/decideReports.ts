import { NeuroError } from '@neurodata/protocol';
import { and, eq } from 'drizzle-orm';
import { recordAudit } from '../audit/recordAudit.ts';
import { storable } from '../common/storable.ts';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { reports } from '../db/schema.ts';

/** Who decides, in which request, and why. */
export type Decision = { actor: string; requestId: string; reason: string };

/** Closes the open reports about a subject because something was done about it. */
export async function upholdReports(tx: Transaction, subject: string, reason: string): Promise<number> {
  const { rowCount } = await tx.update(reports).set({ state: 'upheld', decidedAt: Math.floor(Date.now() / 1_000), decision: storable(reason) }).where(and(eq(reports.subject, subject), eq(reports.state, 'open')));
  return rowCount ?? 0;
}

/** Nothing is done about a report. */
export async function dismissReport(db: Database, parameters: Decision & { reportId: string }): Promise<typeof reports.$inferSelect> {
  const { reportId, actor, requestId, reason } = parameters;
  return db.orm.transaction(async (tx) => {
    const [row] = await tx.update(reports).set({ state: 'dismissed', decidedAt: Math.floor(Date.now() / 1_000), decision: storable(reason) }).where(and(eq(reports.reportId, reportId), eq(reports.state, 'open'))).returning();
    if (!row) throw new NeuroError(`There is no open report ${reportId}.`, { code: 'NOT_FOUND', remedy: 'Somebody may have decided it already.' });
    await recordAudit(tx, { actor, action: 'report dismissed', subject: row.subject, reason, details: { reportId }, requestId });
    return row;
  });
}
