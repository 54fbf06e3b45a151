import { NeuroError } from '@neurodata/protocol';
import type { User } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { users } from '../db/schema.ts';
import type { AccountDeps } from './AccountDeps.ts';

/** Throws UNAUTHENTICATED where the user is gone: only whoever was signed in asks. */
export async function getUser(deps: AccountDeps, userId: string): Promise<User> {
  const [row] = await deps.db.orm.select().from(users).where(eq(users.userId, userId));
  if (!row) throw new NeuroError('This account does not exist any more.', { code: 'UNAUTHENTICATED', remedy: 'Sign in again.' });
  const { email, roles, createdAt, passwordHash } = row;
  return { userId, email, roles, wallets: [], hasPassword: passwordHash !== null, secondFactor: false, createdAt };
}
