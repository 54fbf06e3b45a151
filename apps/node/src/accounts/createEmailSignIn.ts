import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { storable } from '../common/storable.ts';
import { users } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import { checkPassword } from './checkPassword.ts';
import type { Opened, Sessions } from './createSessions.ts';
import { countAttempt } from './limits.ts';
import type { Mailer } from './Mailer.ts';
import { dropCodes, findCode, invalidCode, issueCode, takeCode } from './oneTimeCodes.ts';

/** Seconds. */
const registerLifetime = 86_400;
const resetLifetime = 600;

type Credentials = { email: string; password: string };

export type EmailSignIn = {
  register(credentials: Credentials, caller: Caller): Promise<void>;
  verify(parameters: { code: string; password: string }, caller: Caller): Promise<Opened>;
  login(credentials: Credentials & { secondFactor?: string | undefined }, caller: Caller): Promise<Opened>;
  forgot(email: string, caller: Caller): Promise<void>;
  reset(parameters: { code: string; password: string }, caller: Caller): Promise<void>;
  change(parameters: { userId: string; sessionId: string | undefined; current: string; password: string }, caller: Caller): Promise<void>;
};

/** Asks for the second factor where a user has one; throws SECOND_FACTOR. */
export type CheckSecondFactor = (userId: string, code: string | undefined) => Promise<void>;

/**
 * Accounts by e-mail and password. Nothing that a stranger can see depends on whether an address is known: answers are the
 * same, hashes are computed either way, and mails are written after the answer.
 */
export function createEmailSignIn(deps: AccountDeps, sessions: Sessions, checkSecondFactor: CheckSecondFactor): EmailSignIn {
  const { hasher, later } = deps;
  return {
    register: async ({ email, password }, caller) => {
      const mailer = getMailer(deps);
      await countMails(deps, email, caller);
      await checkPassword(deps, email, password);
      const passwordHash = await hasher.hash(password);
      later(async () => {
        if (await findByEmail(deps, email)) return mailer.send(knownMail(deps, email));
        // Nothing of it becomes an account until the owner of the mailbox says so, with the same password.
        await deps.db.orm.transaction(async (tx) => {
          const code = await issueCode(deps, { purpose: 'register', subject: { email, passwordHash }, seconds: registerLifetime, tx });
          await mailer.send({ ...registerMail(deps, email, code), usefulUntil: deps.now() + registerLifetime }, tx);
        });
      });
    },
    verify: async ({ code, password }, caller) => {
      await countAttempt(deps, 'codeAddress', caller.address);
      const pending = await findCode(deps, 'register', code);
      // A mistyped password leaves the code; the tries are counted.
      if (!(await hasher.verify(password, pending?.subject['passwordHash']))) throw pending ? wrongPassword() : invalidCode();
      const { subject } = await takeCode(deps, 'register', code);
      const userId = await insertUser(deps, { email: subject['email']!, passwordHash: subject['passwordHash']! });
      await recordActivity(deps, { userId, action: 'account made', caller });
      return sessions.open({ userId, method: 'password', caller });
    },
    login: async ({ email, password, secondFactor }, caller) => {
      await countAttempt(deps, 'loginAddress', caller.address);
      await countAttempt(deps, 'loginAccountHere', `${email} ${caller.address}`);
      await countAttempt(deps, 'loginAccount', email);
      const user = await findByEmail(deps, email);
      if (!(await hasher.verify(password, user?.passwordHash)) || !user) {
        if (user) await recordActivity(deps, { userId: user.userId, action: 'wrong password', caller });
        throw wrongPassword();
      }
      await checkSecondFactor(user.userId, secondFactor);
      if (user.passwordHash && hasher.isOutdated(user.passwordHash)) await setPassword(deps, user.userId, await hasher.hash(password));
      return sessions.open({ userId: user.userId, method: 'password', caller });
    },
    forgot: async (email, caller) => {
      const mailer = getMailer(deps);
      await countMails(deps, email, caller);
      later(async () => {
        const user = await findByEmail(deps, email);
        if (!user) return;
        await deps.db.orm.transaction(async (tx) => {
          await dropCodes(deps, 'reset', user.userId, tx);
          const code = await issueCode(deps, { purpose: 'reset', userId: user.userId, subject: { email }, seconds: resetLifetime, tx });
          await mailer.send({ ...resetMail(deps, email, code), usefulUntil: deps.now() + resetLifetime }, tx);
        });
      });
    },
    reset: async ({ code, password }, caller) => {
      await countAttempt(deps, 'codeAddress', caller.address);
      const known = await findCode(deps, 'reset', code);
      if (!known) throw invalidCode();
      await checkPassword(deps, known.subject['email'] ?? '', password);
      const passwordHash = await hasher.hash(password);
      const { userId } = await takeCode(deps, 'reset', code);
      if (userId === null) throw invalidCode();
      await setPassword(deps, userId, passwordHash);
      await sessions.endAll({ userId, reason: 'password reset' });
      await recordActivity(deps, { userId, action: 'password reset', caller });
      tellOwner(deps, userId, 'Your password was changed', 'Somebody with a code from this mailbox set a new password, and every session has ended.');
    },
    change: async ({ userId, sessionId, current, password }, caller) => {
      await countAttempt(deps, 'loginAccount', userId);
      const [user] = await deps.db.orm.select().from(users).where(eq(users.userId, userId));
      if (!(await hasher.verify(current, user?.passwordHash))) throw wrongPassword();
      await checkPassword(deps, user?.email ?? '', password);
      await setPassword(deps, userId, await hasher.hash(password));
      await sessions.endAll({ userId, except: sessionId, reason: 'password changed' });
      await recordActivity(deps, { userId, action: 'password changed', caller });
      tellOwner(deps, userId, 'Your password was changed', 'It was changed from a session that was signed in; the other sessions have ended.');
    },
  };
}

async function countMails(deps: AccountDeps, email: string, caller: Caller): Promise<void> {
  await countAttempt(deps, 'mailAddress', caller.address);
  await countAttempt(deps, 'mailAccount', email);
}

function getMailer(deps: AccountDeps): Mailer {
  if (!deps.mailer) throw new NeuroError('This node sends no mail.', { code: 'NOT_READY', remedy: 'Sign in with a wallet, or ask its operator to set a mail server.' });
  return deps.mailer;
}

async function findByEmail({ db }: AccountDeps, email: string): Promise<typeof users.$inferSelect | undefined> {
  const [row] = await db.orm.select().from(users).where(eq(users.email, storable(email)));
  return row;
}

async function insertUser(deps: AccountDeps, { email, passwordHash }: { email: string; passwordHash: string }): Promise<string> {
  const userId = randomUUID();
  const roles = email === deps.firstAdmin ? (['user', 'admin'] as const) : (['user'] as const);
  const { rowCount } = await deps.db.orm.insert(users).values({ userId, email, passwordHash, roles: [...roles], createdAt: deps.now() }).onConflictDoNothing();
  // Asked for twice, and the other code came first.
  if (rowCount === 0) throw invalidCode();
  return userId;
}

async function setPassword({ db }: AccountDeps, userId: string, passwordHash: string): Promise<void> {
  await db.orm.update(users).set({ passwordHash }).where(eq(users.userId, userId));
}

function tellOwner(deps: AccountDeps, userId: string, subject: string, text: string): void {
  deps.later(async () => {
    const [user] = await deps.db.orm.select({ email: users.email }).from(users).where(eq(users.userId, userId));
    if (user?.email && deps.mailer) await deps.mailer.send({ to: user.email, subject, text: `${text}\n\nIf that was not you, ask for a new password at ${deps.siteUrl()}/sign-in\n` });
  });
}

function wrongPassword(): NeuroError {
  return new NeuroError('Address or password are wrong.', { code: 'UNAUTHENTICATED', remedy: 'Check both, or ask for a new password.' });
}

/** Codes stand behind `#`, which browsers send to nobody. */
function registerMail(deps: AccountDeps, to: string, code: string): Parameters<Mailer['send']>[0] {
  return { to, subject: 'Confirm your address', text: `Somebody, hopefully you, asked for an account with this address.\n\nOpen ${deps.siteUrl()}/sign-in#verify=${code}\nand enter the password that you chose. The link works once, for 24 hours.\n\nIf it was not you, do nothing: no account is made.\n` };
}

function knownMail(deps: AccountDeps, to: string): Parameters<Mailer['send']>[0] {
  return { to, subject: 'You have an account already', text: `Somebody, hopefully you, asked for an account with this address, which has one.\n\nSign in, or ask for a new password, at ${deps.siteUrl()}/sign-in\n` };
}

function resetMail(deps: AccountDeps, to: string, code: string): Parameters<Mailer['send']>[0] {
  return { to, subject: 'A new password', text: `Somebody, hopefully you, asked for a new password.\n\nOpen ${deps.siteUrl()}/sign-in#reset=${code}\nThe link works once, for 10 minutes.\n\nIf it was not you, do nothing: your password stays.\n` };
}
