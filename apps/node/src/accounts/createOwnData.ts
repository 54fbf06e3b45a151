import { NeuroError } from '@neurodata/protocol';
import type { UserExport } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { users } from '../db/schema.ts';
import type { AccountDeps } from './AccountDeps.ts';
import { listActivity } from './activity.ts';
import type { ApiKeys } from './createApiKeys.ts';
import type { CheckSecondFactor } from './createEmailSignIn.ts';
import type { Passkeys } from './createPasskeys.ts';
import type { Sessions } from './createSessions.ts';
import { getUser } from './getUser.ts';
import { countAttempt } from './limits.ts';

export type OwnData = {
  export(userId: string, sessionId: string | undefined): Promise<Omit<UserExport, 'webhooks' | 'notifications' | 'lists'>>;
  /** Asks again for what signs in, then deletes every row about the user. */
  delete(parameters: { userId: string; password?: string | undefined; secondFactor?: string | undefined }): Promise<void>;
};

/** Everything that is kept about a user, for that user: to take along, and to delete. */
export function createOwnData(deps: AccountDeps, parts: { sessions: Sessions; passkeys: Passkeys; keys: ApiKeys; checkSecondFactor: CheckSecondFactor }): OwnData {
  const { sessions, passkeys, keys, checkSecondFactor } = parts;
  return {
    export: async (userId, sessionId) => ({
      user: await getUser(deps, userId), sessions: await sessions.list(userId, sessionId), keys: await keys.list(userId), activity: (await listActivity(deps, userId, { limit: 10_000 })).items, passkeys: await passkeys.list(userId),
    }),
    delete: async ({ userId, password, secondFactor }) => {
      await countAttempt(deps, 'loginAccount', userId);
      const [user] = await deps.db.orm.select().from(users).where(eq(users.userId, userId));
      if (user?.passwordHash && !(await deps.hasher.verify(password ?? '', user.passwordHash))) throw new NeuroError('The password is wrong.', { code: 'UNAUTHENTICATED', remedy: 'Enter your password to delete the account.' });
      await checkSecondFactor(userId, secondFactor);
      await deps.db.orm.delete(users).where(eq(users.userId, userId));
    },
  };
}
