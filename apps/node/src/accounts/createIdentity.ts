import { NeuroError } from '@neurodata/protocol';
import type { User } from '@neurodata/protocol';
import { and, eq, isNull } from 'drizzle-orm';
import { storable } from '../common/storable.ts';
import { users } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import { checkPassword } from './checkPassword.ts';
import { getUser } from './getUser.ts';
import { countAttempt } from './limits.ts';
import { dropCodes, findCode, invalidCode, issueCode, takeCode } from './oneTimeCodes.ts';

/** Seconds. */
const emailLifetime = 1_800;

type Profile = User['profile'];

export type Identity = {
  setProfile(userId: string, profile: Profile): Promise<User>;
  /** A user who chose to be seen; throws NOT_FOUND for everybody else. */
  getPublic(userId: string): Promise<User>;
  /** Mails codes to the new address, and to the one before. */
  beginEmail(parameters: { userId: string; email: string; current?: string | undefined; password?: string | undefined }, caller: Caller): Promise<void>;
  confirmEmail(parameters: { userId: string; code: string; oldCode?: string | undefined }, caller: Caller): Promise<User>;
};

/** Who a user is: what others see, and the address under which the node knows them. */
export function createIdentity(deps: AccountDeps): Identity {
  const { orm } = deps.db;
  return {
    setProfile: async (userId, { displayName, bio, link, public: publicProfile }) => {
      await orm.update(users).set({ displayName: storable(displayName), bio: storable(bio), link, publicProfile }).where(eq(users.userId, userId));
      return getUser(deps, userId);
    },
    getPublic: async (userId) => {
      const [row] = await orm.select({ userId: users.userId }).from(users).where(and(eq(users.userId, userId), eq(users.publicProfile, true), isNull(users.lockedAt)));
      if (!row) throw new NeuroError('There is no such page.', { code: 'NOT_FOUND', remedy: 'Whoever it is may have chosen not to be seen.' });
      return getUser(deps, userId);
    },
    beginEmail: async ({ userId, email, current, password }, caller) => {
      const { mailer } = deps;
      if (!mailer) throw new NeuroError('This node sends no mail.', { code: 'NOT_READY', remedy: 'Ask its operator to set a mail server.' });
      await countAttempt(deps, 'mailAddress', caller.address);
      await countAttempt(deps, 'mailAccount', email);
      await countAttempt(deps, 'loginAccount', userId);
      const [user] = await orm.select().from(users).where(eq(users.userId, userId));
      if (user?.passwordHash && !(await deps.hasher.verify(current ?? '', user.passwordHash))) throw new NeuroError('The password is wrong.', { code: 'UNAUTHENTICATED', remedy: 'Enter your password to change the address.' });
      if (!user?.passwordHash && password === undefined) throw new NeuroError('An address comes with a password.', { code: 'BAD_INPUT', remedy: 'Choose one.' });
      if (!user?.passwordHash && password !== undefined) await checkPassword(deps, email, password);
      const passwordHash = user?.passwordHash || password === undefined ? undefined : await deps.hasher.hash(password);
      const old = user?.email ?? undefined;
      deps.later(async () => {
        await dropCodes(deps, 'email', userId);
        await dropCodes(deps, 'oldEmail', userId);
        const usefulUntil = deps.now() + emailLifetime;
        const [taken] = await orm.select({ userId: users.userId }).from(users).where(eq(users.email, storable(email)));
        if (taken) return mailer.send({ to: email, subject: 'You have an account already', text: `Somebody, hopefully you, wants to use this address for another account on ${deps.siteUrl()}. It has one already; nothing was changed.\n`, usefulUntil });
        const code = await issueCode(deps, { purpose: 'email', userId, subject: { email, ...(passwordHash ? { passwordHash } : {}) }, seconds: emailLifetime });
        await mailer.send({ to: email, subject: 'Confirm your new address', text: `Somebody, hopefully you, wants to use this address for an account on ${deps.siteUrl()}.\n\nEnter this code there, within 30 minutes:\n${code}\n\nIf it was not you, do nothing.\n`, usefulUntil });
        if (old === undefined) return;
        const oldCode = await issueCode(deps, { purpose: 'oldEmail', userId, subject: { email }, seconds: emailLifetime });
        await mailer.send({ to: old, subject: 'Your address is to be changed', text: `Somebody, hopefully you, wants your account on ${deps.siteUrl()} to have another address: ${email}\n\nIf you want that, enter this code there, within 30 minutes:\n${oldCode}\n\nIf it was not you, change your password and end your sessions.\n`, usefulUntil });
      });
    },
    confirmEmail: async ({ userId, code, oldCode }, caller) => {
      await countAttempt(deps, 'codeAddress', caller.address);
      const { email: before } = await getUser(deps, userId);
      // Both are looked at before one is used up.
      const known = await findCode(deps, 'email', code);
      const old = oldCode === undefined ? undefined : await findCode(deps, 'oldEmail', oldCode);
      const isConfirmed = known?.userId === userId && (before === null || (old?.userId === userId && old.subject['email'] === known.subject['email']));
      if (!isConfirmed) throw invalidCode();
      const { subject: { email = '', passwordHash } } = await takeCode(deps, 'email', code);
      if (oldCode !== undefined && before !== null) await takeCode(deps, 'oldEmail', oldCode);
      const set = { email, ...(passwordHash ? { passwordHash } : {}) };
      const { rowCount } = await orm.update(users).set(set).where(eq(users.userId, userId)).catch((error: unknown) => {
        if (isTaken(error)) throw invalidCode();
        throw error;
      });
      if (rowCount === 0) throw invalidCode();
      await recordActivity(deps, { userId, action: before === null ? 'password added' : 'e-mail changed', detail: email, caller });
      return getUser(deps, userId);
    },
  };
}

/** Somebody else registered the address in between. */
function isTaken(error: unknown): boolean {
  const code = (value: unknown): unknown => (value instanceof Error && 'code' in value ? value.code : undefined);
  return code(error) === '23505' || (error instanceof Error && code(error.cause) === '23505');
}
