import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { NeuroError } from '@neurodata/protocol';
import type { Passkey, PasskeyCreated, PasskeySigned, passkeyCreationSchema, passkeyRequestSchema } from '@neurodata/protocol';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { and, desc, eq, lt } from 'drizzle-orm';
import type { z } from 'zod';
import { storable } from '../common/storable.ts';
import { passkeys } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import type { Opened, Sessions } from './createSessions.ts';
import { getUser } from './getUser.ts';
import { countAttempt } from './limits.ts';
import { findCode, invalidCode, issueCode, takeCode } from './oneTimeCodes.ts';
import { removeWay } from './removeWay.ts';
import { newSecret } from './secrets.ts';

/** Seconds. */
const challengeLifetime = 300;
const mostPasskeys = 20;
/** EdDSA, ES256, RS256. */
const algorithms = [-8, -7, -257];

export type Passkeys = {
  /** What a browser is asked, to make one for a user at the host that was asked for. */
  begin(parameters: { userId: string; host: string }, caller: Caller): Promise<z.output<typeof passkeyCreationSchema>>;
  add(parameters: { userId: string; name: string; credential: PasskeyCreated }, caller: Caller): Promise<Passkey>;
  beginLogin(host: string, caller: Caller): Promise<z.output<typeof passkeyRequestSchema>>;
  /** Two factors in one: what somebody has, and the finger or PIN that the device asked for. */
  login(credential: PasskeySigned, caller: Caller): Promise<Opened>;
  /** Shows that a user is there now; throws where the passkey is somebody else's. */
  prove(userId: string, credential: PasskeySigned, caller: Caller): Promise<void>;
  list(userId: string): Promise<Passkey[]>;
  rename(parameters: { userId: string; passkeyId: string; name: string }): Promise<void>;
  remove(parameters: { userId: string; passkeyId: string }, caller: Caller): Promise<void>;
};

type Purpose = 'passkey' | 'passkeyLogin';
/** Where a challenge was asked for: the only place where its answer counts. */
type Place = { host: string; origin: string };

/** Passkeys (WebAuthn, level 3): discoverable, with user verification. A challenge works once, in five minutes, at one host. */
export function createPasskeys(deps: AccountDeps, sessions: Sessions): Passkeys {
  const { orm } = deps.db;
  const challengeFor = async (purpose: Purpose, { host, origin }: Place, userId?: string): Promise<string> =>
    issueCode(deps, { purpose, subject: { host, origin }, seconds: challengeLifetime, ...(userId ? { userId } : {}) });
  return {
    begin: async ({ userId, host }, caller) => {
      await countAttempt(deps, 'codeAddress', caller.address);
      const place = placeOf(deps, host);
      const known = await orm.select().from(passkeys).where(eq(passkeys.userId, userId));
      if (known.length >= mostPasskeys) throw new NeuroError(`You have ${mostPasskeys} passkeys.`, { code: 'CONFLICT', remedy: 'Remove one that is not used any more.' });
      const { email, wallets } = await getUser(deps, userId);
      const name = email ?? wallets[0]?.address ?? userId;
      return {
        challenge: await challengeFor('passkey', place, userId),
        rp: { id: place.host, name: 'NeuroData' }, user: { id: handleOf(userId), name, displayName: name },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })), timeout: challengeLifetime * 1_000, attestation: 'none',
        excludeCredentials: known.filter((row) => row.host === place.host).map(({ credentialId, transports }) => ({ id: credentialId, type: 'public-key', transports })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      };
    },
    add: async ({ userId, name, credential }, caller) => {
      await countAttempt(deps, 'codeAddress', caller.address);
      const { challenge, place, owner } = await takeChallenge(deps, 'passkey', credential.response.clientDataJSON);
      if (owner !== userId) throw invalidCode();
      const { registrationInfo: made } = await verified(() => verifyRegistrationResponse({
        response: { ...credential, clientExtensionResults: {} } as Parameters<typeof verifyRegistrationResponse>[0]['response'],
        expectedChallenge: challenge, expectedOrigin: place.origin, expectedRPID: place.host, requireUserVerification: true, supportedAlgorithmIDs: algorithms,
      }));
      if (!made) throw notVerified();
      const { id, publicKey, counter } = made.credential;
      const item = { passkeyId: randomUUID(), name: storable(name), host: place.host, synced: made.credentialDeviceType === 'multiDevice', createdAt: deps.now(), usedAt: null };
      const row = { ...item, userId, credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports: credential.response.transports?.map(storable) ?? [] };
      const { rowCount } = await orm.insert(passkeys).values(row).onConflictDoNothing();
      if (rowCount === 0) throw new NeuroError('This passkey is known already.', { code: 'CONFLICT', remedy: 'Make another one, or sign in with it.' });
      await recordActivity(deps, { userId, action: 'passkey added', detail: item.name, caller });
      return item;
    },
    beginLogin: async (host, caller) => {
      await countAttempt(deps, 'codeAddress', caller.address);
      const place = placeOf(deps, host);
      return { challenge: await challengeFor('passkeyLogin', place), rpId: place.host, timeout: challengeLifetime * 1_000, userVerification: 'required' };
    },
    login: async (credential, caller) => {
      await countAttempt(deps, 'loginAddress', caller.address);
      const { userId } = await checkSigned(deps, credential, caller);
      return sessions.open({ userId, method: 'passkey', caller });
    },
    prove: async (userId, credential, caller) => {
      await checkSigned(deps, credential, caller, userId);
    },
    list: async (userId) => {
      const { passkeyId, name, host, synced, createdAt, usedAt } = passkeys;
      return orm.select({ passkeyId, name, host, synced, createdAt, usedAt }).from(passkeys).where(eq(passkeys.userId, userId)).orderBy(desc(createdAt));
    },
    rename: async ({ userId, passkeyId, name }) => {
      const { rowCount } = await orm.update(passkeys).set({ name: storable(name) }).where(and(eq(passkeys.passkeyId, passkeyId), eq(passkeys.userId, userId)));
      if (rowCount === 0) throw new NeuroError('You have no such passkey.', { code: 'NOT_FOUND', remedy: 'It may be gone already.' });
    },
    remove: async ({ userId, passkeyId }, caller) => {
      await removeWay(deps, userId, async (tx) => (await tx.delete(passkeys).where(and(eq(passkeys.passkeyId, passkeyId), eq(passkeys.userId, userId)))).rowCount ?? 0);
      await recordActivity(deps, { userId, action: 'passkey removed', caller });
    },
  };
}

/** The user's id as an authenticator keeps it. */
const handleOf = (userId: string): string => Buffer.from(userId).toString('base64url');

/** The host that was asked for, which the door has checked, without its port: what a passkey is bound to. */
function placeOf(deps: AccountDeps, asked: string): Place {
  const origin = `${deps.siteUrl().startsWith('https:') ? 'https' : 'http'}://${asked.toLowerCase()}`;
  const host = URL.canParse(origin) ? new URL(origin).hostname : '';
  if (host === '' || host.startsWith('[') || isIP(host) !== 0) throw new NeuroError('Passkeys belong to a name, not to an address of numbers.', { code: 'BAD_INPUT', remedy: `Open ${deps.siteUrl()} instead.` });
  return { host, origin: new URL(origin).origin };
}

/** The passkey that a browser signed with, once all is right; of `owner` where one is named. */
async function checkSigned(deps: AccountDeps, credential: PasskeySigned, caller: Caller, owner?: string): Promise<typeof passkeys.$inferSelect> {
  const { challenge, place } = await takeChallenge(deps, 'passkeyLogin', credential.response.clientDataJSON);
  const [row] = await deps.db.orm.select().from(passkeys).where(and(eq(passkeys.credentialId, credential.id), eq(passkeys.host, place.host)));
  const { userHandle } = credential.response;
  if (!row || (owner !== undefined && row.userId !== owner) || (userHandle !== undefined && userHandle !== handleOf(row.userId))) throw notVerified();
  // The counter is looked at below, once the signature is known to be right: else anybody could write into the log.
  const { verified: signed, authenticationInfo } = await verified(() => verifyAuthenticationResponse({
    response: { ...credential, clientExtensionResults: {} } as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
    expectedChallenge: challenge, expectedOrigin: place.origin, expectedRPID: place.host, requireUserVerification: true,
    credential: { id: row.credentialId, publicKey: new Uint8Array(Buffer.from(row.publicKey, 'base64url')), counter: 0 },
  }));
  if (!signed) throw notVerified();
  await moveCounter(deps, row, authenticationInfo.newCounter, caller);
  return row;
}

/** Takes the challenge out that the browser signed; of two uses at once one gets it. Throws BAD_INPUT for unknown ones. */
async function takeChallenge(deps: AccountDeps, purpose: Purpose, clientData: string): Promise<{ challenge: string; place: Place; owner: string | null }> {
  const challenge = challengeOf(clientData);
  if (challenge === undefined || !(await findCode(deps, purpose, challenge))) throw invalidCode();
  const { subject, userId } = await takeCode(deps, purpose, challenge);
  return { challenge, place: { host: subject['host'] ?? '', origin: subject['origin'] ?? '' }, owner: userId };
}

function challengeOf(clientData: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8'));
    const challenge = typeof parsed === 'object' && parsed !== null && 'challenge' in parsed ? parsed.challenge : undefined;
    return typeof challenge === 'string' && challenge.length === newSecret().length ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever the library finds wrong is told in the same words. */
async function verified<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch {
    throw notVerified();
  }
}

/** Keeps the newest counter. Throws where it went back, or stood still: somebody has a copy of the key. */
async function moveCounter(deps: AccountDeps, { passkeyId, userId, name }: typeof passkeys.$inferSelect, counter: number, caller: Caller): Promise<void> {
  // Synced passkeys count nothing and say 0 each time.
  const forward = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter);
  const { rowCount } = await deps.db.orm.update(passkeys).set({ counter, usedAt: deps.now() }).where(and(eq(passkeys.passkeyId, passkeyId), forward));
  if (rowCount === 1) return;
  await recordActivity(deps, { userId, action: 'passkey refused: its counter went back', detail: name, caller });
  throw new NeuroError('This passkey may have been copied.', { code: 'UNAUTHENTICATED', remedy: 'Sign in another way, remove it and make a new one.' });
}

function notVerified(): NeuroError {
  return new NeuroError('This passkey does not sign in here.', { code: 'UNAUTHENTICATED', remedy: 'Take another passkey, or sign in another way.' });
}
