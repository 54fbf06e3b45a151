import { NeuroError } from '@neurodata/protocol';
import type { UserState } from '@neurodata/protocol';
import { eq, or, sql } from 'drizzle-orm';
import { recordAudit } from '../audit/recordAudit.ts';
import { storable } from '../common/storable.ts';
import type { Transaction } from '../db/openDatabase.ts';
import { users } from '../db/schema.ts';
import type { AccountDeps } from './AccountDeps.ts';
import { hasTotp } from './hasTotp.ts';

/** Who does it to whom, and why: it stands in the audit log. */
export type Deed = { userId: string; by: string; reason: string; requestId: string };

export type Support = {
  /** The account with this whole address or id; nothing of what was done with it. Looking is noted too. */
  find(wanted: { email?: string | undefined; userId?: string | undefined }, by: { by: string; requestId: string }): Promise<UserState[]>;
  endSessions(deed: Deed): Promise<void>;
  unlock(deed: Deed): Promise<void>;
  /** Sessions end, and neither sign-ins nor keys work until it is taken back. */
  lock(deed: Deed): Promise<void>;
};

/** What support does for users, and admins against them. Each deed and its line in the audit log are kept together, or neither is. */
export function createSupport(deps: AccountDeps): Support {
  const { orm } = deps.db;
  const act = async ({ userId, by, reason, requestId }: Deed, action: string, work: (tx: Transaction) => Promise<void>): Promise<void> => {
    await orm.transaction(async (tx) => {
      const [row] = await tx.select({ userId: users.userId }).from(users).where(eq(users.userId, userId)).for('update');
      if (!row) throw new NeuroError('There is no such user.', { code: 'NOT_FOUND', remedy: 'Look the id up.' });
      await work(tx);
      await tx.execute(sql`INSERT INTO user_activity (user_id, at, action, detail, address, agent) VALUES (${userId}, ${deps.now()}, ${`${action} by this node's staff`}, ${storable(reason)}, '', '')`);
      await recordAudit(tx, { actor: by, action, subject: `user:${userId}`, reason, requestId });
    });
  };
  const endAll = async (tx: Transaction, userId: string, reason: string): Promise<void> => {
    await tx.execute(sql`UPDATE sessions SET ended_at = ${deps.now()}, end_reason = ${reason} WHERE user_id = ${userId} AND ended_at IS NULL`);
  };
  return {
    find: async ({ email, userId }, { by, requestId }) => {
      if (email === undefined && userId === undefined) throw new NeuroError('Whom to look for?', { code: 'BAD_INPUT', remedy: 'Give a whole e-mail address or an id.' });
      const count = (table: string) => sql<bigint>`(SELECT count(*) FROM ${sql.identifier(table)} t WHERE t.user_id = users.user_id)`;
      return orm.transaction(async (tx) => {
        const rows = await tx.select({
          user: users, secondFactor: hasTotp, passkeys: count('passkeys'), wallets: count('user_wallets'),
          sessions: sql<bigint>`(SELECT count(*) FROM sessions s WHERE s.user_id = users.user_id AND s.ended_at IS NULL AND s.expires_at > ${deps.now()}::bigint)`,
          lastSignInAt: sql<bigint | null>`(SELECT max(s.created_at) FROM sessions s WHERE s.user_id = users.user_id)`,
        }).from(users).where(or(email === undefined ? undefined : eq(users.email, storable(email)), userId === undefined ? undefined : eq(users.userId, userId)));
        for (const { user } of rows) await recordAudit(tx, { actor: by, action: 'user looked up', subject: `user:${user.userId}`, requestId });
        return rows.map(({ user, secondFactor, passkeys, wallets, sessions, lastSignInAt }) => ({
          userId: user.userId, email: user.email, roles: user.roles, createdAt: user.createdAt, lockedAt: user.lockedAt, lockedReason: user.lockedReason, hasPassword: user.passwordHash !== null, secondFactor,
          passkeys: Number(passkeys), wallets: Number(wallets), sessions: Number(sessions), lastSignInAt: lastSignInAt === null ? null : Number(lastSignInAt),
        }));
      });
    },
    endSessions: (deed) => act(deed, 'sessions ended', (tx) => endAll(tx, deed.userId, 'ended by support')),
    unlock: (deed) => act(deed, 'user unlocked', async (tx) => {
      await tx.update(users).set({ lockedAt: null, lockedReason: null }).where(eq(users.userId, deed.userId));
    }),
    lock: (deed) => act(deed, 'user locked', async (tx) => {
      if (deed.userId === deed.by) throw new NeuroError('Nobody locks themselves out.', { code: 'CONFLICT', remedy: 'Have another admin do it.' });
      await tx.update(users).set({ lockedAt: deps.now(), lockedReason: storable(deed.reason) }).where(eq(users.userId, deed.userId));
      await endAll(tx, deed.userId, 'locked');
    }),
  };
}

/** Throws FORBIDDEN where a user is locked: said only to whoever has shown who they are. */
export async function refuseLocked({ db }: AccountDeps, userId: string): Promise<void> {
  const [row] = await db.orm.select({ lockedAt: users.lockedAt }).from(users).where(eq(users.userId, userId));
  if (row && row.lockedAt !== null) throw new NeuroError('This account is locked.', { code: 'FORBIDDEN', remedy: 'Ask this node\'s support.' });
}
