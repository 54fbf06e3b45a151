import { NeuroError } from '@neurodata/protocol';
import type { MailboxItem, Scope, User, UserActivity, UserRole } from '@neurodata/protocol';
import type { PublicClient } from 'viem';
import type { Service } from '../common/service.ts';
import { readAccess } from './accessCredential.ts';
import type { AccountDeps } from './AccountDeps.ts';
import { listActivity } from './activity.ts';
import { createAdmin } from './createAdmin.ts';
import type { Admin } from './createAdmin.ts';
import { createApiKeys, isApiKey } from './createApiKeys.ts';
import type { ApiKeys } from './createApiKeys.ts';
import { createEmailSignIn } from './createEmailSignIn.ts';
import type { EmailSignIn } from './createEmailSignIn.ts';
import { createOwnData } from './createOwnData.ts';
import type { OwnData } from './createOwnData.ts';
import type { SecretBox } from './createSecretBox.ts';
import { createProofs } from './createProofs.ts';
import type { Proofs } from './createProofs.ts';
import { createPasskeys } from './createPasskeys.ts';
import type { Passkeys } from './createPasskeys.ts';
import { createSessions, forgetSessions } from './createSessions.ts';
import type { Sessions } from './createSessions.ts';
import { createIdentity } from './createIdentity.ts';
import type { Identity } from './createIdentity.ts';
import { createSupport } from './createSupport.ts';
import type { Support } from './createSupport.ts';
import { createTotp } from './createTotp.ts';
import type { Totp } from './createTotp.ts';
import { createWallets } from './createWallets.ts';
import type { Wallets } from './createWallets.ts';
import { getUser } from './getUser.ts';
import { forgetAttempts } from './limits.ts';
import { listMailbox } from './mailboxMailer.ts';
import { forgetCodes } from './oneTimeCodes.ts';

/** Who is signed in. */
export type Principal = {
  userId: string;
  roles: UserRole[];
  /** Absent for an API key. */
  sessionId?: string;
  /** Absent for a session. */
  keyId?: string;
};

export type Access = { access?: 'session' | Scope; proof?: true | 'without password' | undefined; role?: UserRole | readonly UserRole[] | undefined };

export type Accounts = Service & {
  email: EmailSignIn;
  sessions: Sessions;
  wallets: Wallets;
  passkeys: Passkeys;
  totp: Totp;
  proofs: Proofs;
  apiKeys: ApiKeys;
  ownData: OwnData;
  admin: Admin;
  identity: Identity;
  support: Support;
  /** Whom an `Authorization` header names; throws UNAUTHENTICATED, FORBIDDEN where that is not enough, or PROOF_NEEDED. */
  authenticate(authorization: string | undefined, wanted: Access): Promise<Principal>;
  getUser(userId: string): Promise<User>;
  listActivity(userId: string, part: { before?: number | undefined; limit: number }): Promise<{ items: UserActivity[]; next: number | undefined }>;
  listMailbox(): Promise<MailboxItem[]>;
  /** Seals what the database must not tell by itself. */
  box: SecretBox;
  /** Whether cookies may go over TLS only. */
  secure(): boolean;
  /** Deletes what has expired: codes, nonces, sessions, counts of tries. */
  sweep(): Promise<void>;
  /** Resolves when what goes on after answers is done. */
  settled(): Promise<void>;
};

export type CreateAccountsParameters = Omit<AccountDeps, 'later' | 'now'> & {
  now?: () => number;
  /** Asked about the signatures of contract wallets. */
  chain: { client: PublicClient; chainId: number };
};

/** Sign-in, sessions and what belongs to users of this node. */
export function createAccounts(parameters: CreateAccountsParameters): Accounts {
  const pending = new Set<Promise<void>>();
  const later = (work: () => Promise<void>): void => {
    const running: Promise<void> = Promise.resolve().then(work).catch((error: unknown) => {
      parameters.log.error({ error: error instanceof Error ? error.message : String(error) }, 'work after an answer failed');
    }).finally(() => pending.delete(running));
    pending.add(running);
  };
  const deps: AccountDeps = { now: () => Math.floor(Date.now() / 1_000), ...parameters, later };
  const sessions = createSessions(deps);
  const totp = createTotp(deps);
  const apiKeys = createApiKeys(deps);
  const admin = createAdmin(deps);
  const passkeys = createPasskeys(deps, sessions);
  const wallets = createWallets({ ...deps, ...parameters.chain }, sessions, totp.check);
  const proofs = createProofs(deps, { wallets, passkeys, checkSecondFactor: totp.check });
  const settled = async (): Promise<void> => {
    while (pending.size > 0) await Promise.all(pending);
  };
  return {
    email: createEmailSignIn(deps, sessions, totp.check),
    wallets, proofs, passkeys, identity: createIdentity(deps), support: createSupport(deps),
    ownData: createOwnData(deps, { sessions, passkeys, keys: apiKeys, checkSecondFactor: totp.check }),
    sessions, totp, apiKeys, admin, settled, box: deps.box,
    authenticate: (authorization, wanted) => authenticate(deps, { sessions, apiKeys, proofs }, authorization, wanted),
    getUser: (userId) => getUser(deps, userId),
    listActivity: (userId, part) => listActivity(deps, userId, part),
    listMailbox: () => listMailbox(deps.db),
    secure: () => deps.siteUrl().startsWith('https:'),
    start: async () => {
      await admin.appointFirst();
    },
    stop: settled,
    sweep: () => sweep(deps),
  };
}

async function sweep(deps: AccountDeps): Promise<void> {
  await forgetCodes(deps);
  await forgetAttempts(deps);
  await forgetSessions(deps);
}

type Parts = { sessions: Sessions; apiKeys: ApiKeys; proofs: Proofs };

async function authenticate(deps: AccountDeps, parts: Parts, authorization: string | undefined, wanted: Access): Promise<Principal> {
  const credential = /^Bearer ([\w.~+/-]{1,4096}=*)$/i.exec(authorization ?? '')?.[1];
  const facts = credential === undefined ? undefined : await (isApiKey(credential) ? ofKey(parts, credential, wanted) : ofSession(deps, parts, credential));
  if (!facts) throw new NeuroError('You are not signed in.', { code: 'UNAUTHENTICATED', remedy: 'Sign in.' });
  const { roles, lockedAt, hasPassword } = await getUser(deps, facts.userId);
  if (lockedAt !== null) throw new NeuroError('This account is locked.', { code: 'FORBIDDEN', remedy: 'Ask this node\'s support.' });
  const enough = wanted.role === undefined ? [] : [wanted.role].flat();
  if (enough.length > 0 && !enough.some((role) => roles.includes(role))) throw new NeuroError(`This is for the role ${enough.map((role) => `"${role}"`).join(' or ')} only.`, { code: 'FORBIDDEN', remedy: 'Ask an admin of this node.' });
  if ('sessionId' in facts && (wanted.proof === true || (wanted.proof === 'without password' && !hasPassword))) await parts.proofs.require(facts.sessionId);
  return { ...facts, roles };
}

async function ofSession(deps: AccountDeps, { sessions }: Parts, access: string): Promise<{ userId: string; sessionId: string } | undefined> {
  const facts = await readAccess(deps, access);
  return facts && (await sessions.isOpen(facts.sessionId)) ? facts : undefined;
}

async function ofKey({ apiKeys }: Parts, key: string, wanted: Access): Promise<{ userId: string; keyId: string } | undefined> {
  const found = await apiKeys.find(key);
  if (!found) return undefined;
  const { access } = wanted;
  if (access === undefined || access === 'session' || !found.scopes.includes(access)) throw new NeuroError('This API key may not do that.', { code: 'FORBIDDEN', remedy: access === 'session' ? 'Sign in: no key may do it.' : `Make a key with the scope "${access}".` });
  return { userId: found.userId, keyId: found.keyId };
}
