import { identityRoutes } from '@neurodata/protocol';
import type { Route, SignedIn, User } from '@neurodata/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, freshWallet, password } from './userClient.ts';

/** Profiles, addresses, and what support and admins do with accounts, over one real API and database. */

let db: Database;
let served: ServedApi;
let clock = 1_800_000_000;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: noChain, db, users: { now: () => clock, firstAdmin: 'root@example.org' } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});
beforeEach(() => {
  clock += 3_600;
});

const { send, post, mails, signUp, signedBy, makeKey } = createUserClient(() => served);
/** The code in the newest mail with a subject. */
const codeIn = async (to: string, subject: string): Promise<string> => /^([\w-]{43})$/m.exec((await mails(to)).find((mail) => mail.subject === subject)?.text ?? '')?.[1] ?? 'no-code-in-any-mail-there';

let made = false;
async function admin(): Promise<string> {
  if (!made) await signUp('root@example.org');
  made = true;
  return ((await post('login', { email: 'root@example.org', password })).value as SignedIn).access;
}
async function support(): Promise<SignedIn & { email: string }> {
  const me = await signUp();
  await send('POST', `/api/v1/admin/users/${me.user.userId}/roles`, { body: { roles: ['support'], reason: 'hired' }, access: await admin() });
  return me;
}
const audit = async (): Promise<object[]> => (await db.pool.query<object>('SELECT actor, action, subject, reason FROM audit_log ORDER BY id')).rows;

test('a profile is seen by others once its owner says so, and never with more than that', async () => {
  const me = await signUp();
  const profile = { displayName: 'Ada', bio: 'Numbers.', link: 'https://ada.example/', public: false };
  expect((await send('PUT', '/api/v1/auth/profile', { body: profile, access: me.access })).value).toMatchObject({ profile });
  const path = `/api/v1/users/${me.user.userId}/profile`;
  expect(codeOf(await send('GET', path))).toEqual([404, 'NOT_FOUND']);
  await send('PUT', '/api/v1/auth/profile', { body: { ...profile, public: true }, access: me.access });
  expect((await send('GET', path)).value).toEqual({ userId: me.user.userId, displayName: 'Ada', bio: 'Numbers.', link: 'https://ada.example/', wallets: [], since: me.user.createdAt });
  for (const link of ['javascript:alert(1)', 'data:text/html,x', 'https://', 'ftp://a.example/']) expect([link, ...codeOf(await send('PUT', '/api/v1/auth/profile', { body: { ...profile, link }, access: me.access }))]).toEqual([link, 400, 'BAD_INPUT']);
});

test('whoever has only a wallet adds an address and a password, and then signs in with them', async () => {
  const { access } = (await post('wallet/auth', await signedBy(freshWallet()))).value as SignedIn;
  expect(codeOf(await post('email/begin', { email: 'added@example.org' }, access))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await post('email/begin', { email: 'added@example.org', password: 'password1234' }, access))).toEqual([400, 'BAD_INPUT']);
  await post('email/begin', { email: 'added@example.org', password }, access);
  const code = await codeIn('added@example.org', 'Confirm your new address');
  const stranger = await signUp();
  expect(codeOf(await post('email/confirm', { code }, stranger.access))).toEqual([400, 'BAD_INPUT']);
  const both = await Promise.all([post('email/confirm', { code }, access), post('email/confirm', { code }, access)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  expect((await post('login', { email: 'added@example.org', password })).status).toBe(200);
});

test('another address takes the password, and the codes of both mailboxes', async () => {
  const me = await signUp();
  expect(codeOf(await post('email/begin', { email: 'next@example.org', current: 'a wrong password' }, me.access))).toEqual([401, 'UNAUTHENTICATED']);
  await post('email/begin', { email: 'next@example.org', current: password }, me.access);
  const [code, oldCode] = [await codeIn('next@example.org', 'Confirm your new address'), await codeIn(me.email, 'Your address is to be changed')];
  expect(codeOf(await post('email/confirm', { code }, me.access))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await post('email/confirm', { code: oldCode, oldCode }, me.access))).toEqual([400, 'BAD_INPUT']);
  expect((await post('email/confirm', { code, oldCode }, me.access)).value).toMatchObject({ email: 'next@example.org' });
  expect([(await post('login', { email: me.email, password })).status, (await post('login', { email: 'next@example.org', password })).status]).toEqual([401, 200]);
  // Somebody's address is told to its owner, not to whoever asks.
  const other = await signUp();
  expect((await post('email/begin', { email: 'next@example.org', current: password }, other.access)).status).toBe(200);
  expect([(await mails('next@example.org'))[0]?.subject, await codeIn(other.email, 'Your address is to be changed')]).toEqual(['You have an account already', 'no-code-in-any-mail-there']);
});

test('support sees the state of one account and no more, ends its sessions, unlocks it; each deed is in the audit log', async () => {
  const me = await signUp();
  const helper = await support();
  const found = (await send('POST', '/api/v1/support/users/find', { body: { email: me.email }, access: helper.access })).value as { items: object[] };
  expect(found.items).toEqual([{ userId: me.user.userId, email: me.email, roles: ['user'], createdAt: me.user.createdAt, lockedAt: null, lockedReason: null, hasPassword: true, secondFactor: false, passkeys: 0, wallets: 0, sessions: 1, lastSignInAt: clock }]);
  expect((await send('POST', '/api/v1/support/users/find', { body: { email: me.email.slice(1) }, access: helper.access })).value).toEqual({ items: [] });
  expect(codeOf(await send('POST', '/api/v1/support/users/find', { body: {}, access: helper.access }))).toEqual([400, 'BAD_INPUT']);
  expect((await send('POST', `/api/v1/support/users/${me.user.userId}/end-sessions`, { body: { reason: 'lost a laptop' }, access: helper.access })).status).toBe(200);
  expect((await send('GET', '/api/v1/auth/user', { access: me.access })).status).toBe(401);
  // What belongs to admins and users stays theirs.
  for (const path of [`/api/v1/admin/users/${me.user.userId}/lock`, `/api/v1/admin/users/${me.user.userId}/roles`]) expect(codeOf(await send('POST', path, { body: { reason: 'why not', roles: ['admin'] }, access: helper.access }))).toEqual([403, 'FORBIDDEN']);
  expect(codeOf(await send('GET', '/api/v1/admin/users', { access: helper.access }))).toEqual([403, 'FORBIDDEN']);
  expect(await audit()).toEqual(expect.arrayContaining([
    { actor: expect.any(String), action: 'roles set', subject: `user:${helper.user.userId}`, reason: 'hired' },
    { actor: helper.user.userId, action: 'user looked up', subject: `user:${me.user.userId}`, reason: null },
    { actor: helper.user.userId, action: 'sessions ended', subject: `user:${me.user.userId}`, reason: 'lost a laptop' },
  ]));
});

test('a locked user is out: sessions end, keys and every sign-in are refused, until support takes it back', async () => {
  const me = await signUp();
  const wallet = freshWallet();
  await post('wallet/link', await signedBy(wallet, me.access), me.access);
  const { key } = await makeKey(me);
  const root = await admin();
  expect((await send('POST', `/api/v1/admin/users/${me.user.userId}/lock`, { body: { reason: 'sells stolen data' }, access: root })).status).toBe(200);
  expect([(await send('GET', '/api/v1/auth/user', { access: me.access })).status, (await post('refresh', { refresh: me.refresh })).status]).toEqual([401, 401]);
  expect(codeOf(await send('GET', '/api/v1/auth/user', { access: key }))).toEqual([403, 'FORBIDDEN']);
  expect([codeOf(await post('login', { email: me.email, password })), codeOf(await post('wallet/auth', await signedBy(wallet)))]).toEqual([[403, 'FORBIDDEN'], [403, 'FORBIDDEN']]);
  // Only whoever knows the password hears of it.
  expect(codeOf(await post('login', { email: me.email, password: 'a wrong password' }))).toEqual([401, 'UNAUTHENTICATED']);
  expect((await send('POST', '/api/v1/admin/users/find', { body: { q: me.email }, access: root })).value).toMatchObject({ items: [{ lockedAt: clock }] });
  const own = (await send('GET', '/api/v1/auth/user', { access: root })).value as User;
  expect(codeOf(await send('POST', `/api/v1/admin/users/${own.userId}/lock`, { body: { reason: 'myself' }, access: root }))).toEqual([409, 'CONFLICT']);
  const helper = await support();
  await send('POST', `/api/v1/support/users/${me.user.userId}/unlock`, { body: { reason: 'a mistake' }, access: helper.access });
  expect((await post('login', { email: me.email, password })).status).toBe(200);
  expect((await send('GET', '/api/v1/auth/user', { access: key })).status).toBe(200);
  expect(await audit()).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'user locked', reason: 'sells stolen data' }), expect.objectContaining({ action: 'user unlocked', reason: 'a mistake' })]));
});

test('each route is for whom it names; what has a role is for nobody else', async () => {
  const me = await signUp();
  const bodies: Record<string, unknown> = { setProfile: { displayName: '', bio: '', link: '', public: false }, beginEmail: { email: 'x@example.org' }, confirmEmail: { code: 'x'.repeat(43) } };
  for (const [name, route] of Object.entries<Route>(identityRoutes).filter(([, { access }]) => access)) {
    const path = route.path.replace('{userId}', me.user.userId);
    const options = route.body ? { body: bodies[name] ?? { reason: 'because' } } : {};
    expect([name, ...codeOf(await send(route.method, path, options))]).toEqual([name, 401, 'UNAUTHENTICATED']);
    expect([name, ...codeOf(await send(route.method, path, { ...options, access: (await makeKey(me)).key }))]).toEqual([name, 403, 'FORBIDDEN']);
    if (route.role) expect([name, ...codeOf(await send(route.method, path, { ...options, access: me.access }))]).toEqual([name, 403, 'FORBIDDEN']);
  }
});
