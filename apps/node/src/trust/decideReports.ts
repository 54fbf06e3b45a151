import { NeuroError } from '@neurodata/protocol';
import { and, eq, sql } from 'drizzle-orm';
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

/** Who closes reports that no person closes, in the audit log. */
const chain = 'chain';

/** Closes the open reports about assets that the chain shows as suspended: a suspension that was only prepared does nothing. */
export async function upholdSuspended(db: Database): Promise<{ upheld: number }> {
  return db.orm.transaction(async (tx) => {
    const { rows } = await tx.execute<{ subject: string; reason: string }>(sql`SELECT p.subject, coalesce(a.curation_reason, '') AS reason FROM (SELECT DISTINCT subject FROM reports WHERE state = 'open' AND subject LIKE 'asset:%') p
      JOIN assets a ON a.asset_id = substr(p.subject, 7)::bigint WHERE a.curation_status = 'suspended' ORDER BY p.subject`);
    let upheld = 0;
    for (const { subject, reason } of rows) {
      const closed = await upholdReports(tx, subject, reason || 'Suspended on chain.');
      // Another process may have been faster.
      if (closed === 0) continue;
      await recordAudit(tx, { actor: chain, action: 'reports upheld', subject, reason, details: { reports: closed }, requestId: chain });
      upheld += closed;
    }
    return { upheld };
  });
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
