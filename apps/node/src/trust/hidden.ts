import { NeuroError } from '@neurodata/protocol';
import { and, eq } from 'drizzle-orm';
import { isAddressEqual } from 'viem';
import { recordAudit } from '../audit/recordAudit.ts';
import { storable } from '../common/storable.ts';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { refreshSearch } from '../db/refreshSearch.ts';
import { hiddenSubjects } from '../db/schema.ts';
import { type Decision, upholdReports } from './decideReports.ts';
import { getSubject, walletsOf } from './subjects.ts';
import { type Tell, tellOwner } from './tellOwner.ts';

export type HiddenRow = typeof hiddenSubjects.$inferSelect;
const now = (): number => Math.floor(Date.now() / 1_000);

/** Takes an asset out of this node's lists, or the text of a review away. Nothing on chain changes, and what was bought stays. */
export async function hideSubject(db: Database, tell: Tell, parameters: Decision & { subject: string }): Promise<HiddenRow> {
  const { subject, actor, requestId, reason } = parameters;
  return db.orm.transaction(async (tx) => {
    const { owner, assetId } = await getSubject(tx, subject);
    const [row] = await tx.insert(hiddenSubjects).values({ subject, reason: storable(reason), hiddenAt: now(), appeal: 'none' }).onConflictDoNothing().returning();
    if (!row) throw new NeuroError(`${subject} is hidden already.`, { code: 'CONFLICT', remedy: 'Look it up in the list of what is hidden.' });
    await refreshSearch(tx, assetIn(subject));
    const upheld = await upholdReports(tx, subject, reason);
    await tellOwner(tell, tx, { owner, assetId, subject, requestId, title: 'This node hides something of yours', text: `${reason} You may ask its admins to look again.` });
    await recordAudit(tx, { actor, action: 'hidden', subject, reason, details: { reports: upheld }, requestId });
    return row;
  });
}

/** Shows it again. */
export async function showSubject(db: Database, tell: Tell, parameters: Decision & { subject: string }): Promise<void> {
  const { subject, actor, requestId, reason } = parameters;
  await db.orm.transaction(async (tx) => {
    await remove(tx, subject);
    await recordAudit(tx, { actor, action: 'shown again', subject, reason, requestId });
    await tellIfThere(tell, tx, { subject, requestId, title: 'This node shows it again', text: reason });
  });
}

/** The owner of what is hidden asks the admins, once. Throws FORBIDDEN, CONFLICT, NOT_FOUND. */
export async function appealHidden(db: Database, parameters: { userId: string; subject: string; text: string }): Promise<HiddenRow> {
  const { userId, subject, text } = parameters;
  return db.orm.transaction(async (tx) => {
    const { owner } = await getSubject(tx, subject);
    if (!(await walletsOf(tx, userId)).some((wallet) => isAddressEqual(wallet, owner))) throw new NeuroError(`${subject} does not belong to a wallet of yours.`, { code: 'FORBIDDEN', remedy: 'Link the wallet that owns it.' });
    const [row] = await tx.update(hiddenSubjects).set({ appeal: 'open', appealText: storable(text), appealedAt: now() }).where(and(eq(hiddenSubjects.subject, subject), eq(hiddenSubjects.appeal, 'none'))).returning();
    if (row) return row;
    const [known] = await tx.select({ appeal: hiddenSubjects.appeal }).from(hiddenSubjects).where(eq(hiddenSubjects.subject, subject));
    if (!known) throw notHidden(subject);
    throw new NeuroError(known.appeal === 'open' ? 'Your appeal is open already.' : 'An admin has refused your appeal.', { code: 'CONFLICT', remedy: known.appeal === 'open' ? 'Wait for an admin.' : 'On this node that is final; the chain and other nodes show it as before.' });
  });
}

/** An admin decides an open appeal. */
export async function decideAppeal(db: Database, tell: Tell, parameters: Decision & { subject: string; granted: boolean }): Promise<void> {
  const { subject, granted, actor, requestId, reason } = parameters;
  await db.orm.transaction(async (tx) => {
    const open = and(eq(hiddenSubjects.subject, subject), eq(hiddenSubjects.appeal, 'open'));
    const { rowCount } = granted ? await tx.delete(hiddenSubjects).where(open) : await tx.update(hiddenSubjects).set({ appeal: 'refused', answer: storable(reason) }).where(open);
    if (rowCount === 0) throw new NeuroError(`There is no open appeal about ${subject}.`, { code: 'NOT_FOUND', remedy: 'Somebody may have decided it already.' });
    await refreshSearch(tx, assetIn(subject));
    await recordAudit(tx, { actor, action: granted ? 'appeal granted' : 'appeal refused', subject, reason, requestId });
    await tellIfThere(tell, tx, { subject, requestId, title: granted ? 'Your appeal was granted' : 'Your appeal was refused', text: reason });
  });
}

async function remove(tx: Transaction, subject: string): Promise<void> {
  const { rowCount } = await tx.delete(hiddenSubjects).where(eq(hiddenSubjects.subject, subject));
  if (rowCount === 0) throw notHidden(subject);
  await refreshSearch(tx, assetIn(subject));
}

/** The asset that searches find or not from now on; none for a review. */
const assetIn = (subject: string): number[] => (subject.startsWith('asset:') ? [Number(subject.slice(6))] : []);

function notHidden(subject: string): NeuroError {
  return new NeuroError(`${subject} is not hidden.`, { code: 'NOT_FOUND', remedy: 'Somebody may have shown it again.' });
}

/** What a reorganisation took from the chain has no owner. */
async function tellIfThere(tell: Tell, tx: Transaction, said: { subject: string; requestId: string; title: string; text: string }): Promise<void> {
  const found = await getSubject(tx, said.subject).catch((error: unknown) => {
    if (error instanceof NeuroError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (found) await tellOwner(tell, tx, { ...found, ...said });
}
