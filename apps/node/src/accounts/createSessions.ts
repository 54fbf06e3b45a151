import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { SignInMethod, SignedIn, UserSession } from '@neurodata/protocol';
import { and, desc, eq, gt, inArray, isNull, lt, ne } from 'drizzle-orm';
import { refreshCredentials, sessions, users } from '../db/schema.ts';
import { issueAccess } from './accessCredential.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import { getUser } from './getUser.ts';
import { countAttempt } from './limits.ts';
import { refuseLocked } from './createSupport.ts';
import { digestOf, newSecret } from './secrets.ts';

/** Seconds: a session that is not used for so long ends, and each one after so long. */
const idleLifetime = 14 * 86_400;
const sessionLifetime = 60 * 86_400;
/** So many may be open for a user; one more ends the one that was used longest ago. */
const mostSessions = 20;

/** `refreshExpiresAt` is for the cookie. */
export type Opened = SignedIn & { refresh: string; refreshExpiresAt: number };

export type Sessions = {
  open(parameters: { userId: string; method: SignInMethod; caller: Caller }): Promise<Opened>;
  refresh(secret: string, caller: Caller): Promise<Opened>;
  /** Ends the session of a refresh credential; quiet where there is none. */
  endOf(secret: string): Promise<void>;
  end(parameters: { userId: string; sessionId: string; reason: string }): Promise<void>;
  /** Ends all of a user's but `except`. */
  endAll(parameters: { userId: string; except?: string | undefined; reason: string }): Promise<void>;
  list(userId: string, current: string | undefined): Promise<UserSession[]>;
  /** Whether it is open now. */
  isOpen(sessionId: string): Promise<boolean>;
};

/**
 * Sessions by rotating refresh credentials (RFC 9700, 4.14.2): each works once. One that is used again was stolen, or its
 * successor was: nobody can tell, so the whole session ends.
 */
export function createSessions(deps: AccountDeps): Sessions {
  const { orm } = deps.db;
  const isOpenNow = () => and(isNull(sessions.endedAt), gt(sessions.expiresAt, deps.now()));
  const handOut = async (session: { sessionId: string; userId: string; endsAt: number }): Promise<Opened> => {
    const refresh = newSecret();
    const refreshExpiresAt = Math.min(deps.now() + idleLifetime, session.endsAt);
    await orm.insert(refreshCredentials).values({ digest: digestOf(refresh), sessionId: session.sessionId, expiresAt: refreshExpiresAt });
    return { ...(await issueAccess(deps, session)), refresh, refreshExpiresAt, user: await getUser(deps, session.userId) };
  };
  const end = (where: ReturnType<typeof and>, reason: string) => orm.update(sessions).set({ endedAt: deps.now(), endReason: reason }).where(and(where, isNull(sessions.endedAt)));
  return {
    open: async ({ userId, method, caller }) => {
      await refuseLocked(deps, userId);
      const sessionId = randomUUID();
      const endsAt = deps.now() + sessionLifetime;
      const now = deps.now();
      const ended = await orm.transaction(async (tx) => {
        // Of many sign-ins at once each sees what the one before it has left.
        await tx.select({ userId: users.userId }).from(users).where(eq(users.userId, userId)).for('update');
        const oldest = await tx.select({ sessionId: sessions.sessionId }).from(sessions).where(and(eq(sessions.userId, userId), isOpenNow())).orderBy(desc(sessions.usedAt), desc(sessions.createdAt), sessions.sessionId).offset(mostSessions - 1);
        await tx.insert(sessions).values({ sessionId, userId, method, ...caller, createdAt: now, usedAt: now, provedAt: now, expiresAt: endsAt });
        if (oldest.length === 0) return [];
        return tx.update(sessions).set({ endedAt: now, endReason: 'too many' }).where(inArray(sessions.sessionId, oldest.map((row) => row.sessionId))).returning();
      });
      for (const { address, agent } of ended) await recordActivity(deps, { userId, action: 'session ended: there were too many', detail: `the one of ${address}, ${agent || 'an unknown program'}`, caller });
      deps.onSignIn?.(method);
      await recordActivity(deps, { userId, action: 'signed in', caller, detail: method });
      return handOut({ sessionId, userId, endsAt });
    },
    refresh: async (secret, caller) => {
      await countAttempt(deps, 'refreshAddress', caller.address);
      const digest = digestOf(secret);
      // One statement decides who of two is first.
      const [taken] = await orm.update(refreshCredentials).set({ usedAt: deps.now() }).where(and(eq(refreshCredentials.digest, digest), isNull(refreshCredentials.usedAt))).returning();
      if (!taken) return refuseReuse(deps, digest, caller);
      const [session] = await orm.update(sessions).set({ usedAt: deps.now(), ...caller }).where(and(eq(sessions.sessionId, taken.sessionId), isOpenNow())).returning();
      if (!session || taken.expiresAt <= deps.now()) throw signInAgain();
      return handOut({ ...session, endsAt: session.expiresAt });
    },
    endOf: async (secret) => {
      const [row] = await orm.select({ sessionId: refreshCredentials.sessionId }).from(refreshCredentials).where(eq(refreshCredentials.digest, digestOf(secret)));
      if (row) await end(eq(sessions.sessionId, row.sessionId), 'signed out');
    },
    end: async ({ userId, sessionId, reason }) => {
      const { rowCount } = await end(and(eq(sessions.sessionId, sessionId), eq(sessions.userId, userId)), reason);
      if (rowCount === 0) throw new NeuroError('You have no such session.', { code: 'NOT_FOUND', remedy: 'It may have ended already.' });
    },
    endAll: async ({ userId, except, reason }) => {
      await end(and(eq(sessions.userId, userId), except === undefined ? undefined : ne(sessions.sessionId, except)), reason);
    },
    list: async (userId, current) => {
      const rows = await orm.select().from(sessions).where(and(eq(sessions.userId, userId), isOpenNow())).orderBy(desc(sessions.usedAt)).limit(100);
      return rows.map(({ sessionId, method, agent, address, createdAt, usedAt, expiresAt }) => ({ sessionId, current: sessionId === current, method, agent, address, createdAt, usedAt, expiresAt }));
    },
    isOpen: async (sessionId) => {
      const [row] = await orm.select({ sessionId: sessions.sessionId }).from(sessions).where(and(eq(sessions.sessionId, sessionId), isOpenNow()));
      return row !== undefined;
    },
  };
}

/** A credential that was used before ends its session; an unknown one is only refused. */
async function refuseReuse(deps: AccountDeps, digest: string, caller: Caller): Promise<never> {
  const { orm } = deps.db;
  const [used] = await orm.select({ sessionId: refreshCredentials.sessionId }).from(refreshCredentials).where(eq(refreshCredentials.digest, digest));
  if (used) {
    const [ended] = await orm.update(sessions).set({ endedAt: deps.now(), endReason: 'a used credential came again' }).where(and(eq(sessions.sessionId, used.sessionId), isNull(sessions.endedAt))).returning();
    if (ended) await recordActivity(deps, { userId: ended.userId, action: 'session ended: a used credential came again', caller });
  }
  throw signInAgain();
}

function signInAgain(): NeuroError {
  return new NeuroError('This session has ended.', { code: 'UNAUTHENTICATED', remedy: 'Sign in again.' });
}

/** Rows that nobody asks for any more: ended sessions stay for 30 days, so that a late reuse is still seen. */
export async function forgetSessions(deps: AccountDeps): Promise<void> {
  await deps.db.orm.delete(sessions).where(lt(sessions.expiresAt, deps.now() - 30 * 86_400));
}
