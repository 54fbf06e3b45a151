import { NeuroError } from '@neurodata/protocol';
import type { User } from '@neurodata/protocol';
import { asc, desc, eq, inArray } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { userWallets, users } from '../db/schema.ts';
import type { AccountDeps } from './AccountDeps.ts';
import { hasTotp } from './hasTotp.ts';

/** Throws UNAUTHENTICATED where the user is gone: only whoever was signed in asks. */
export async function getUser(deps: AccountDeps, userId: string): Promise<User> {
  const [user] = await listUsers(deps, eq(users.userId, userId), { limit: 1, offset: 0 });
  if (!user) throw new NeuroError('This account does not exist any more.', { code: 'UNAUTHENTICATED', remedy: 'Sign in again.' });
  return user;
}

/** Newest first. */
export async function listUsers({ db }: AccountDeps, where: SQL | undefined, { limit, offset }: { limit: number; offset: number }): Promise<User[]> {
  const rows = await db.orm.select({ user: users, secondFactor: hasTotp }).from(users).where(where).orderBy(desc(users.createdAt), asc(users.userId)).limit(limit).offset(offset);
  if (rows.length === 0) return [];
  const wallets = await db.orm.select().from(userWallets).where(inArray(userWallets.userId, rows.map(({ user }) => user.userId))).orderBy(asc(userWallets.linkedAt), asc(userWallets.address));
  return rows.map(({ user: { userId, email, roles, createdAt, passwordHash, displayName, bio, link, publicProfile, lockedAt }, secondFactor }) => ({
    userId, email, roles, createdAt, secondFactor, lockedAt, profile: { displayName, bio, link, public: publicProfile }, hasPassword: passwordHash !== null,
    wallets: wallets.filter((wallet) => wallet.userId === userId).map(({ address, linkedAt }) => ({ address, linkedAt })),
  }));
}
