import { NeuroError } from '@neurodata/protocol';
import type { User, UserRole } from '@neurodata/protocol';
import { eq, sql } from 'drizzle-orm';
import { recordAudit } from '../audit/recordAudit.ts';
import { storable } from '../common/storable.ts';
import { users } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import { getUser, listUsers } from './getUser.ts';

export type Admin = {
  listUsers(part: { limit: number; offset: number }): Promise<User[]>;
  /** By a part of the e-mail address; that somebody looked is noted, for whom is not. */
  findUsers(parameters: { q: string; by: string; requestId: string; part: { limit: number; offset: number } }): Promise<User[]>;
  setRoles(parameters: { userId: string; roles: UserRole[]; reason?: string | undefined; by: string; requestId: string }, caller: Caller): Promise<User>;
  /** Makes the user with the address that was named at start an admin, if there is one. */
  appointFirst(): Promise<void>;
};

/** What admins of a node do with its users. They see no credential, and nothing that is sealed. */
export function createAdmin(deps: AccountDeps): Admin {
  return {
    listUsers: (part) => listUsers(deps, undefined, part),
    findUsers: async ({ q, by, requestId, part }) => {
      await deps.db.orm.transaction((tx) => recordAudit(tx, { actor: by, action: 'users searched', subject: 'users', requestId }));
      return listUsers(deps, sql`position(${storable(q).toLowerCase()} IN coalesce(${users.email}, '')) > 0`, part);
    },
    setRoles: async ({ userId, roles, reason, by, requestId }, caller) => {
      const set: UserRole[] = [...new Set<UserRole>(['user', ...roles])];
      await deps.db.orm.transaction(async (tx) => {
        // All admins are locked, so that two cannot each remove the other.
        const admins = await tx.select({ userId: users.userId }).from(users).where(sql`${users.roles} @> '["admin"]'`).for('update');
        if (!set.includes('admin') && admins.length === 1 && admins[0]?.userId === userId) throw new NeuroError('This is the last admin.', { code: 'CONFLICT', remedy: 'Make somebody else an admin first.' });
        const { rowCount } = await tx.update(users).set({ roles: set }).where(eq(users.userId, userId));
        if (rowCount === 0) throw new NeuroError('There is no such user.', { code: 'NOT_FOUND', remedy: 'Look the id up in the list.' });
        await recordAudit(tx, { actor: by, action: 'roles set', subject: `user:${userId}`, reason, details: { roles: set }, requestId });
      });
      await recordActivity(deps, { userId: by, action: 'roles set', detail: `${userId}: ${set.join(', ')}`, caller });
      if (userId !== by) await recordActivity(deps, { userId, action: 'roles set by an admin', detail: set.join(', '), caller: { address: '', agent: '' } });
      return getUser(deps, userId);
    },
    appointFirst: async () => {
      if (deps.firstAdmin === undefined) return;
      await deps.db.orm.update(users).set({ roles: sql`${users.roles} || '["admin"]'` }).where(sql`${users.email} = ${deps.firstAdmin} AND NOT ${users.roles} @> '["admin"]'`);
    },
  };
}
