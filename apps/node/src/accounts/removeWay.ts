import { NeuroError } from '@neurodata/protocol';
import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../db/openDatabase.ts';
import { users } from '../db/schema.ts';
import type { AccountDeps } from './AccountDeps.ts';

/** Takes one way to sign in away from a user, by `remove`, which says how many rows went. Throws CONFLICT where none would be left, NOT_FOUND where none went. */
export async function removeWay(deps: AccountDeps, userId: string, remove: (tx: Transaction) => Promise<number>): Promise<void> {
  await deps.db.orm.transaction(async (tx) => {
    // Of two removals at once the second sees what the first has left.
    await tx.select({ userId: users.userId }).from(users).where(eq(users.userId, userId)).for('update');
    if ((await remove(tx)) === 0) throw new NeuroError('You have no such way to sign in.', { code: 'NOT_FOUND', remedy: 'It may be gone already.' });
    const [left] = await tx.select({ ways: sql<bigint>`(CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END) + (SELECT count(*) FROM user_wallets w WHERE w.user_id = users.user_id) + (SELECT count(*) FROM passkeys p WHERE p.user_id = users.user_id)` }).from(users).where(eq(users.userId, userId));
    if (Number(left?.ways ?? 0) === 0) throw new NeuroError('This is the last way to sign in.', { code: 'CONFLICT', remedy: 'Add another one first, or delete the account.' });
  });
}
