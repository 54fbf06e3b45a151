import { routes } from '@neurodata/protocol';
import type { Route, SignedIn } from '@neurodata/protocol';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, freshWallet, password } from './userClient.ts';

/** How many sessions a user has, and what an open one may not do by itself; the clock is the test's. */

let db: Database;
let served: ServedApi;
let clock = 1_800_000_000;
const now = (): number => clock;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: noChain, db, users: { now } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});
beforeEach(() => {
  clock += 3_600;
});

const { send, post, signedBy, signUp } = createUserClient(() => served);

/** The six digits of now. */
const digits = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock * 1_000 });

async function turnOnTotp({ access }: SignedIn): Promise<string> {
  const { secret } = (await post('totp/begin', {}, access)).value as { secret: string };
  expect((await post('totp/enable', { secondFactor: digits(secret) }, access)).status).toBe(200);
  clock += 30;
  return secret;
}

test('a user has twenty sessions; one more ends the one that was used longest ago, and its user is told', async () => {
  const me = await signUp();
  const opened: (SignedIn & { refresh: string })[] = [];
  const login = async (): Promise<void> => {
    clock += 1;
    opened.push((await post('login', { email: me.email, password })).value as SignedIn & { refresh: string });
  };
  for (let turn = 0; turn < 19; turn += 1) await login();
  const isOpen = async ({ access }: SignedIn): Promise<boolean> => (await send('GET', '/api/v1/auth/user', { access })).status === 200;
  expect([await isOpen(me), await isOpen(opened[0]!)]).toEqual([true, true]);
  // The oldest was used a moment ago, so another one goes.
  clock += 1;
  const renewed = (await post('refresh', { refresh: me.refresh })).value as SignedIn;
  await login();
  expect([await isOpen(renewed), await isOpen(opened[0]!), await isOpen(opened[1]!)]).toEqual([true, false, true]);
  clock += 1;
  await Promise.all(Array.from({ length: 4 }, () => post('login', { email: me.email, password })));
  const { value } = await send('GET', '/api/v1/auth/sessions', { access: opened.at(-1)!.access });
  expect((value as { items: unknown[] }).items).toHaveLength(20);
  await served.accounts.settled();
  const notices = (await send('GET', '/api/v1/auth/notifications', { access: opened.at(-1)!.access })).value as { items: { title: string }[] };
  expect(notices.items.filter(({ title }) => title === 'Your oldest session was ended')).toHaveLength(5);
});

/** What takes a proof. */
const sensitive = Object.entries<Route>(routes).filter(([, route]) => route.proof);
test('what changes how somebody signs in is on the list', () => {
  // Changing the password takes the one before, turning the authenticator off a code of it.
  expect(sensitive.map(([name, { proof }]) => (proof === true ? name : `${name} ${proof}`)).toSorted()).toEqual(['beginEmail without password', 'beginPasskey', 'beginTotp', 'createKey', 'deletePasskey', 'deleteUser without password', 'endOtherSessions', 'endSession', 'linkWallet', 'unlinkWallet']);
});

test('ten minutes after signing in, a found session changes nothing about it until its user shows again who it is', async () => {
  const me = await signUp();
  const nowhere = (path: string): string => path.replaceAll(/\{address\}/g, freshWallet().address).replaceAll(/\{\w+\}/g, crypto.randomUUID());
  const tried = async (access: string): Promise<unknown[]> => Promise.all(sensitive.filter(([name, { proof }]) => proof === true && name !== 'endOtherSessions').map(async ([, { method, path, body }]) => codeOf(await send(method, nowhere(path), { access, ...(body ? { body: {} } : {}) }))[1]));
  expect(await tried(me.access)).not.toContain('PROOF_NEEDED');
  clock += 590;
  const { access, refresh } = (await post('refresh', { refresh: me.refresh })).value as SignedIn & { refresh: string };
  expect(await tried(access)).not.toContain('PROOF_NEEDED');
  clock += 10;
  expect(new Set(await tried(access))).toEqual(new Set(['PROOF_NEEDED']));
  expect([codeOf(await send('DELETE', '/api/v1/auth/sessions', { access })), codeOf(await post('keys', { name: 'a thief', scopes: ['profile:read'] }, access))]).toEqual([[401, 'PROOF_NEEDED'], [401, 'PROOF_NEEDED']]);
  // What changes nothing of that kind asks for nothing.
  expect((await send('GET', '/api/v1/auth/sessions', { access })).status).toBe(200);
  // Neither a wrong password nor somebody else's wallet shows it.
  expect([codeOf(await post('prove', { password: 'a wrong password' }, access)), codeOf(await post('prove', {}, access)), codeOf(await post('prove', { wallet: await signedBy(freshWallet()) }, access))]).toEqual([[401, 'UNAUTHENTICATED'], [400, 'BAD_INPUT'], [401, 'UNAUTHENTICATED']]);
  expect(new Set(await tried(access))).toEqual(new Set(['PROOF_NEEDED']));
  expect((await post('prove', { password }, access)).value).toEqual({ provedUntil: clock + 600 });
  expect(await tried(access)).not.toContain('PROOF_NEEDED');
  // It is the session's, and no other's.
  const other = (await post('login', { email: me.email, password })).value as SignedIn & { refresh: string };
  clock += 600;
  const [mine, theirs] = [(await post('refresh', { refresh })).value as SignedIn, (await post('refresh', { refresh: other.refresh })).value as SignedIn];
  await post('prove', { password }, mine.access);
  expect([(await post('totp/begin', {}, mine.access)).status, codeOf(await post('totp/begin', {}, theirs.access))]).toEqual([200, [401, 'PROOF_NEEDED']]);
});

test('a proof is as strong as signing in: it takes the second factor, and a linked wallet does as well as a password', async () => {
  const me = await signUp();
  const wallet = freshWallet();
  await post('wallet/link', await signedBy(wallet, me.access), me.access);
  const secret = await turnOnTotp(me);
  clock += 600 - 30;
  const { access } = (await post('refresh', { refresh: me.refresh })).value as SignedIn;
  clock += 30;
  expect(codeOf(await post('prove', { password }, access))).toEqual([401, 'SECOND_FACTOR']);
  expect(codeOf(await post('prove', { wallet: await signedBy(wallet) }, access))).toEqual([401, 'SECOND_FACTOR']);
  expect(codeOf(await post('totp/disable', { secondFactor: '000000' }, access))).toEqual([401, 'SECOND_FACTOR']);
  expect((await post('prove', { wallet: await signedBy(wallet), secondFactor: digits(secret) }, access)).status).toBe(200);
  expect((await send('DELETE', `/api/v1/auth/wallets/${wallet.address}`, { access })).status).toBe(200);
  clock += 30;
  expect((await post('totp/disable', { secondFactor: digits(secret) }, access)).status).toBe(200);
});

test('whoever has a wallet only shows it again before the account gets an address or goes', async () => {
  const wallet = freshWallet();
  const { refresh } = (await post('wallet/auth', await signedBy(wallet))).value as SignedIn & { refresh: string };
  clock += 600;
  const { access } = (await post('refresh', { refresh })).value as SignedIn;
  expect([codeOf(await post('email/begin', { email: 'thief@example.org', password }, access)), codeOf(await post('delete', {}, access))]).toEqual([[401, 'PROOF_NEEDED'], [401, 'PROOF_NEEDED']]);
  await post('prove', { wallet: await signedBy(wallet) }, access);
  expect((await post('delete', {}, access)).status).toBe(200);
});

test('who may not do something stands in the log, with what and why and without a query', async () => {
  const lines: string[] = [];
  const watched = await serveApi({ chain: noChain, db, users: { now }, extra: { log: createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } }) } });
  const me = await signUp();
  const { access } = (await (await fetch(`${watched.api.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: me.email, password }) })).json()) as SignedIn;
  const ask = (path: string) => fetch(`${watched.api.url}${path}`, { headers: { authorization: `Bearer ${access}` } });
  expect([(await ask('/api/v1/admin/users?q=somebody')).status, (await ask('/api/v1/auth/user')).status]).toEqual([403, 200]);
  await watched.close();
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ msg: 'a request was refused', method: 'GET', path: '/api/v1/admin/users', from: '127.0.0.1', why: 'This is for the role "admin" only.', id: expect.any(String) })]);
});
