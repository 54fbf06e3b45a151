import type { Transaction } from '../db/openDatabase.ts';
import { storable, storableJson } from '../common/storable.ts';
import { auditLog } from '../db/schema.ts';

export type AuditEntry = {
  /** Id of the user who did it. */
  actor: string;
  /** What was done, e.g. `asset hidden`. */
  action: string;
  /** To what, e.g. `asset:5` or `user:<id>`. */
  subject: string;
  reason?: string | undefined;
  /** What else is worth knowing later. Never secrets, and nothing that is sealed. */
  details?: Record<string, unknown>;
  /** Of the request that did it, as its answer and the log of the node name it. */
  requestId: string;
};

/**
 * Notes what an admin, a curator or support did. Runs in the transaction of the effect: both are kept, or neither is. The table
 * takes no change afterwards.
 */
export async function recordAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  const { actor, action, subject, reason, details = {}, requestId } = entry;
  await tx.insert(auditLog).values({
    at: Math.floor(Date.now() / 1_000), actor, action, subject: storable(subject), requestId, reason: reason === undefined ? null : storable(reason), details: storableJson(details) as Record<string, unknown>,
  });
}
