import { NeuroError } from '@neurodata/protocol';
import type { PasskeySigned } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { sessions, users } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import type { CheckSecondFactor } from './createEmailSignIn.ts';
import type { Passkeys } from './createPasskeys.ts';
import type { SignedMessage, Wallets } from './createWallets.ts';
import { countAttempt } from './limits.ts';

/** Seconds for which it counts that somebody has shown who they are. */
const proofLifetime = 600;

/** One of the three; the second factor where the user has one, but with a passkey, which is two by itself. */
export type Proof = { password?: string | undefined; wallet?: SignedMessage | undefined; passkey?: PasskeySigned | undefined; secondFactor?: string | undefined };

export type Proofs = {
  /** Checks as much as signing in does, and notes it in the session. */
  give(proof: Proof & { userId: string; sessionId: string; host: string }, caller: Caller): Promise<{ provedUntil: number }>;
  /** Throws PROOF_NEEDED where the last proof of a session, or its beginning, is too long ago. */
  require(sessionId: string): Promise<void>;
};

/** Whoever finds an open session must not change how its owner signs in: that takes what signs in, again. */
export function createProofs(deps: AccountDeps, parts: { wallets: Wallets; passkeys: Passkeys; checkSecondFactor: CheckSecondFactor }): Proofs {
  const { orm } = deps.db;
  const check = async ({ userId, host, password, wallet, passkey, secondFactor }: Parameters<Proofs['give']>[0], caller: Caller): Promise<string> => {
    if (passkey !== undefined) {
      await parts.passkeys.prove(userId, passkey, caller);
      return 'passkey';
    }
    if (wallet !== undefined) {
      await parts.wallets.prove({ ...wallet, userId, host, secondFactor });
      return 'wallet';
    }
    if (password === undefined) throw new NeuroError('Nothing here shows who you are.', { code: 'BAD_INPUT', remedy: 'Give your password, a signed message or a passkey.' });
    const [user] = await orm.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.userId, userId));
    if (!(await deps.hasher.verify(password, user?.passwordHash))) throw new NeuroError('The password is wrong.', { code: 'UNAUTHENTICATED', remedy: 'Check it, or show who you are in another way.' });
    await parts.checkSecondFactor(userId, secondFactor);
    return 'password';
  };
  return {
    give: async (proof, caller) => {
      const { userId, sessionId } = proof;
      await countAttempt(deps, 'loginAccountHere', `${userId} ${caller.address}`);
      await countAttempt(deps, 'loginAccount', userId);
      const method = await check(proof, caller);
      await orm.update(sessions).set({ provedAt: deps.now() }).where(eq(sessions.sessionId, sessionId));
      await recordActivity(deps, { userId, action: 'showed again who it is', detail: method, caller });
      return { provedUntil: deps.now() + proofLifetime };
    },
    require: async (sessionId) => {
      const [session] = await orm.select({ provedAt: sessions.provedAt }).from(sessions).where(eq(sessions.sessionId, sessionId));
      if (session && session.provedAt + proofLifetime > deps.now()) return;
      throw new NeuroError('It must be sure that it is you.', { code: 'PROOF_NEEDED', remedy: 'Enter your password, or sign with a wallet or a passkey of this account.' });
    },
  };
}
