import { routes } from '@neurodata/protocol';
import type { Route, SignedIn, UserRouteName } from '@neurodata/protocol';
import { SignJWT, UnsecuredJWT } from 'jose';
import { Secret, TOTP } from 'otpauth';
import type { Hex } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createKeyRing, createPasswordHasher } from '../accounts/index.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, freshWallet, password } from './userClient.ts';
import type { Answer } from './userClient.ts';

/** Every route about users over one real API and database; the clock is the test's. */

/** No route about users reads a contract. */
/** No route about users asks the chain but those that check a contract wallet's signature. */

let db: Database;
let served: ServedApi;
let clock = 1_800_000_000;
const now = (): number => clock;
const keys = await createKeyRing({ store: { read: async () => [], write: async () => undefined }, now });

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: noChain, db, users: { now, keys, firstAdmin: 'root@example.org' }, extra: { demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});
/** Windows of tries pass between tests. */
beforeEach(() => {
  clock += 3_600;
});

const { send, post, mails, codeFor, signedBy, makeKey, signUp } = createUserClient(() => served);

/** The six digits of now. */
const digits = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock * 1_000 });

async function turnOnTotp({ access }: SignedIn): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await post('totp/begin', {}, access)).value as { secret: string };
  const { value } = await post('totp/enable', { secondFactor: digits(secret) }, access);
  clock += 30;
  return { secret, ...(value as { recoveryCodes: string[] }) };
}

/** The access credential of the admin that was named at start. */
let adminAccess: string | undefined;
async function admin(): Promise<string> {
  if (adminAccess === undefined) await signUp('root@example.org');
  adminAccess = ((await post('login', { email: 'root@example.org', password })).value as SignedIn).access;
  return adminAccess;
}

type Case = { access?: () => Promise<string>; path?: (me: SignedIn) => string | Promise<string>; body?: (me: SignedIn & { email: string; refresh: string }) => unknown; expected: (me: SignedIn & { email: string }) => unknown };

const has = (fields: object) => expect.objectContaining(fields);
const done = () => ({ done: true });
const opened = (me: SignedIn) => ({ access: expect.stringMatching(/^ey/), accessExpiresAt: clock + 600, refresh: expect.stringMatching(/^[\w-]{43}$/), user: has({ userId: me.user.userId }) });

/** One case per route of the table, each for a fresh user: a route without one does not compile. */
const cases: { [K in UserRouteName]: Case } = {
  register: { body: () => ({ email: 'Somebody@Example.org', password }), expected: done },
  verifyEmail: {
    body: async () => {
      await post('register', { email: 'new@example.org', password });
      return { code: await codeFor('new@example.org'), password };
    },
    expected: () => has({ user: has({ email: 'new@example.org', roles: ['user'], hasPassword: true, wallets: [], secondFactor: false }) }),
  },
  login: { body: (me) => ({ email: me.email.toUpperCase(), password }), expected: opened },
  refresh: { body: (me) => ({ refresh: me.refresh }), expected: opened },
  logout: { body: (me) => ({ refresh: me.refresh }), expected: done },
  prove: { body: () => ({ password }), expected: () => ({ provedUntil: clock + 600 }) },
  forgotPassword: { body: (me) => ({ email: me.email }), expected: done },
  resetPassword: {
    body: async (me) => {
      await post('password/forgot', { email: me.email });
      return { code: await codeFor(me.email), password: 'another long secret' };
    },
    expected: done,
  },
  changePassword: { body: () => ({ current: password, password: 'another long secret' }), expected: done },
  getUser: { expected: (me) => me.user },
  listSessions: { expected: () => ({ items: [{ sessionId: expect.any(String), current: true, method: 'password', agent: 'node', address: '127.0.0.1', createdAt: clock, usedAt: clock, expiresAt: clock + 60 * 86_400 }] }) },
  endSession: {
    path: async (me) => {
      const { value } = await send('GET', '/api/v1/auth/sessions', { access: me.access });
      return `/api/v1/auth/sessions/${(value as { items: { sessionId: string }[] }).items[0]!.sessionId}`;
    },
    expected: done,
  },
  endOtherSessions: { expected: done },
  listActivity: { expected: () => ({ items: [has({ action: 'signed in', detail: 'password', at: clock, address: '127.0.0.1' }), has({ action: 'account made' })] }) },
  connectWallet: { body: () => ({ address: freshWallet().address }), expected: () => ({ message: expect.stringMatching(/^127\.0\.0\.1:\d+ wants you to sign in with your Ethereum account:\n0x[^]*Sign in to NeuroData[^]*Chain ID: 31337\n/) }) },
  walletLogin: { body: () => signedBy(freshWallet()), expected: () => has({ user: has({ email: null, hasPassword: false, wallets: [has({ linkedAt: clock })] }), refresh: expect.any(String) }) },
  beginWalletLink: { body: () => ({ address: freshWallet().address }), expected: (me) => ({ message: expect.stringContaining(`Link this wallet to the NeuroData account ${me.user.userId}.`) }) },
  linkWallet: { body: (me) => signedBy(freshWallet(), me.access), expected: (me) => has({ email: me.email, wallets: [has({ linkedAt: clock })] }) },
  unlinkWallet: {
    path: async (me) => {
      const wallet = freshWallet();
      await post('wallet/link', await signedBy(wallet, me.access), me.access);
      return `/api/v1/auth/wallets/${wallet.address.toLowerCase()}`;
    },
    expected: done,
  },
  beginTotp: { body: () => ({}), expected: (me) => ({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.stringContaining(`otpauth://totp/NeuroData:${encodeURIComponent(me.email)}?`) }) },
  enableTotp: {
    body: async (me) => ({ secondFactor: digits(((await post('totp/begin', {}, me.access)).value as { secret: string }).secret) }),
    expected: () => ({ recoveryCodes: Array.from({ length: 10 }, () => expect.stringMatching(/^[a-z2-9]{5}-[a-z2-9]{5}$/)) }),
  },
  disableTotp: { body: async (me) => ({ secondFactor: digits((await turnOnTotp(me)).secret) }), expected: done },
  createKey: {
    body: () => ({ name: 'nightly report', scopes: ['profile:read'], expiresAt: clock + 60 }),
    expected: () => ({ key: expect.stringMatching(/^nd_[0-9a-f]{8}_[\w-]{43}$/), item: has({ name: 'nightly report', scopes: ['profile:read'], expiresAt: clock + 60, usedAt: null }) }),
  },
  listKeys: { path: async (me) => (await makeKey(me), '/api/v1/auth/keys'), expected: () => ({ items: expect.arrayContaining([has({ name: 'a program', prefix: expect.stringMatching(/^nd_[0-9a-f]{8}$/) })]) }) },
  deleteKey: { path: async (me) => `/api/v1/auth/keys/${(await makeKey(me)).item.keyId}`, expected: done },
  exportUser: { expected: (me) => ({ user: me.user, sessions: [has({ current: true })], keys: [has({ name: 'a program' })], activity: expect.arrayContaining([has({ action: 'account made' })]), passkeys: [], webhooks: [], notifications: [has({ kind: 'security.key' })], lists: { favourites: [], watched: [], searches: [], alerts: [], collections: [] } }) },
  deleteUser: { body: () => ({ password }), expected: done },
  listUsers: { access: admin, expected: (me) => ({ items: expect.arrayContaining([me.user]) }) },
  findUsers: { access: admin, body: (me) => ({ q: me.email.toUpperCase() }), expected: (me) => ({ items: [me.user] }) },
  setRoles: { access: admin, path: (me) => `/api/v1/admin/users/${me.user.userId}/roles`, body: () => ({ roles: ['curator'] }), expected: (me) => ({ ...me.user, roles: ['user', 'curator'] }) },
  listMailbox: { expected: (me) => ({ items: expect.arrayContaining([has({ to: me.email, subject: 'Confirm your address' })]) }) },
};

test.each(Object.entries(cases))('%s answers by its schema, and to nobody else', async (name, { path, body, access, expected }) => {
  const route: Route = routes[name as UserRouteName];
  const me = await signUp();
  const address = (await path?.(me)) ?? route.path;
  const sent = await body?.(me);
  const options = sent === undefined ? {} : { body: sent };
  if (route.access) expect(codeOf(await send(route.method, address, options))).toEqual([401, 'UNAUTHENTICATED']);
  if (route.role) expect(codeOf(await send(route.method, address, { ...options, access: me.access }))).toEqual([403, 'FORBIDDEN']);
  if (route.access === 'session') expect(codeOf(await send(route.method, address, { ...options, access: (await makeKey(me, { scopes: ['profile:read', 'activity:read'] })).key }))).toEqual([403, 'FORBIDDEN']);
  const answer = await send(route.method, address, { ...options, ...(route.access ? { access: (await access?.()) ?? me.access } : {}) });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(z.decode(route.response, answer.value as never)).toEqual(expected(me));
});

test('whether an address is known is told to nobody but its owner', async () => {
  const { email } = await signUp();
  const known = [await post('register', { email, password }), await post('password/forgot', { email }), await post('login', { email, password: 'a wrong password' })];
  const unknown = [await post('register', { email: 'nobody@example.org', password }), await post('password/forgot', { email: 'nobody2@example.org' }), await post('login', { email: 'nobody2@example.org', password })];
  const told = ({ status, value }: Answer): unknown => ({ status, value: { ...(value as object), requestId: '' } });
  expect(known.map(told)).toEqual(unknown.map(told));
  expect((await mails(email)).map(({ subject }) => subject)).toEqual(expect.arrayContaining(['You have an account already', 'A new password']));
  expect(await mails('nobody2@example.org')).toEqual([]);
});

test('a hash of another cost is made again at the next sign-in', async () => {
  const { email } = await signUp();
  await db.pool.query('UPDATE users SET password_hash = $1 WHERE email = $2', [await createPasswordHasher({ cost: { memoryKib: 128, passes: 1, parallelism: 1 } }).hash(password), email]);
  await post('login', { email, password });
  const { rows } = await db.pool.query<{ password_hash: string }>('SELECT password_hash FROM users WHERE email = $1', [email]);
  expect(rows[0]!.password_hash).toMatch(/m=64,t=1/);
});

test('a code works once, in its time, for its purpose, with its password; at rest there is only its digest', async () => {
  const email = 'codes@example.org';
  await post('register', { email, password });
  const code = await codeFor(email);
  const { rows } = await db.pool.query('SELECT * FROM one_time_codes');
  expect(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(code);
  // Whoever made the request in another's name does not get in by that other's click.
  expect(codeOf(await post('verify', { code, password: 'what its owner types' }))).toEqual([401, 'UNAUTHENTICATED']);
  expect(codeOf(await post('password/reset', { code, password }))).toEqual([400, 'BAD_INPUT']);
  const both = await Promise.all([post('verify', { code, password }), post('verify', { code, password })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  await post('password/forgot', { email });
  const late = await codeFor(email);
  clock += 601;
  expect(codeOf(await post('password/reset', { code: late, password }))).toEqual([400, 'BAD_INPUT']);
});

test('a new password ends the sessions; the old one is of no use', async () => {
  const me = await signUp();
  const other = (await post('login', { email: me.email, password })).value as SignedIn & { refresh: string };
  expect((await post('password/change', { current: 'not mine at all', password: 'another long secret' }, me.access)).status).toBe(401);
  await post('password/change', { current: password, password: 'another long secret' }, me.access);
  expect([await send('GET', '/api/v1/auth/user', { access: me.access }), await send('GET', '/api/v1/auth/user', { access: other.access }), await post('login', { email: me.email, password })].map(({ status }) => status)).toEqual([200, 401, 401]);
  await post('password/forgot', { email: me.email });
  await post('password/reset', { code: await codeFor(me.email), password });
  expect((await send('GET', '/api/v1/auth/user', { access: me.access })).status).toBe(401);
  expect((await post('login', { email: me.email, password })).status).toBe(200);
  expect((await mails(me.email)).map(({ subject }) => subject)).toContain('Your password was changed');
});

test.each([['person@example.org', 'person@example.org1'], ['person@example.org', 'aaaaaaaaaaaaaaaa'], ['person@example.org', 'neurodatapassword'], ['person@example.org', 'dragon football 99'], ['person@example.org', 'short'], ['person@example.org', 'x'.repeat(257)], ['nobody', password]])('register %s with "%.20s" is refused', async (email, guess) => {
  expect(codeOf(await post('register', { email, password: guess }))).toEqual([400, 'BAD_INPUT']);
});

test('a refresh credential works once; a second use ends the whole session', async () => {
  const me = await signUp();
  const second = (await post('refresh', { refresh: me.refresh })).value as SignedIn & { refresh: string };
  const third = (await post('refresh', { refresh: second.refresh })).value as SignedIn & { refresh: string };
  expect((await send('GET', '/api/v1/auth/user', { access: third.access })).status).toBe(200);
  // A thief comes with the first one.
  expect(codeOf(await post('refresh', { refresh: me.refresh }))).toEqual([401, 'UNAUTHENTICATED']);
  expect([await post('refresh', { refresh: third.refresh }), await send('GET', '/api/v1/auth/user', { access: third.access })].map(codeOf)).toEqual([[401, 'UNAUTHENTICATED'], [401, 'UNAUTHENTICATED']]);
  const again = (await post('login', { email: me.email, password })).value as SignedIn;
  expect((await send('GET', '/api/v1/auth/activity', { access: again.access })).value).toMatchObject({ items: expect.arrayContaining([has({ action: 'session ended: a used credential came again' })]) });
  const activity = async (query: string) => (await send('GET', `/api/v1/auth/activity${query}`, { access: again.access })).value as { items: object[]; next?: number };
  const whole = await activity('');
  const first = await activity('?limit=2');
  expect([first.items, whole.next]).toEqual([whole.items.slice(0, 2), undefined]);
  expect((await activity(`?cursor=${first.next}`)).items).toEqual(whole.items.slice(2));
  const { rows } = await db.pool.query<{ digest: string }>('SELECT digest FROM refresh_credentials');
  expect(rows.map(({ digest }) => digest)).not.toContain(me.refresh);
});

test('of two uses at once one is first, and the other is a theft', async () => {
  const me = await signUp();
  const both = await Promise.all([post('refresh', { refresh: me.refresh }), post('refresh', { refresh: me.refresh })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  expect((await send('GET', '/api/v1/auth/user', { access: me.access })).status).toBe(401);
});

test('sessions end: when unused, when old, by their user, by signing out', async () => {
  const me = await signUp();
  const laptop = (await post('login', { email: me.email, password })).value as SignedIn & { refresh: string };
  const { value } = await send('GET', '/api/v1/auth/sessions', { access: laptop.access });
  const { items } = value as { items: { sessionId: string; current: boolean }[] };
  expect(items.map(({ current }) => current).toSorted()).toEqual([false, true]);
  const stranger = await signUp();
  const mine = items.find(({ current }) => !current)!.sessionId;
  expect(codeOf(await send('DELETE', `/api/v1/auth/sessions/${mine}`, { access: stranger.access }))).toEqual([404, 'NOT_FOUND']);
  expect((await send('DELETE', '/api/v1/auth/sessions', { access: laptop.access })).status).toBe(200);
  expect([await send('GET', '/api/v1/auth/user', { access: me.access }), await send('GET', '/api/v1/auth/user', { access: laptop.access })].map(({ status }) => status)).toEqual([401, 200]);
  await post('logout', { refresh: laptop.refresh });
  expect((await post('refresh', { refresh: laptop.refresh })).status).toBe(401);
  clock += 14 * 86_400 + 1;
  expect((await post('refresh', { refresh: stranger.refresh })).status).toBe(401);
});

test('in a browser the refresh credential lives in a cookie that scripts and other sites cannot use', async () => {
  const { email } = await signUp();
  const { value, headers } = await post('login', { email, password, cookie: true });
  expect(value).not.toHaveProperty('refresh');
  const cookie = headers.get('set-cookie')!;
  expect(cookie).toMatch(/^neurodata_refresh=[\w-]{43}; Expires=.*; Path=\/api\/v1\/auth; HttpOnly; SameSite=Strict$/);
  const header = { cookie: cookie.split(';')[0]! };
  expect((await send('POST', '/api/v1/auth/refresh', { body: {}, headers: { ...header, origin: 'https://evil.example' } })).status).toBe(403);
  const next = await send('POST', '/api/v1/auth/refresh', { body: {}, headers: header });
  expect([next.status, (next.value as object)]).toEqual([200, expect.not.objectContaining({ refresh: expect.anything() })]);
  const out = await send('POST', '/api/v1/auth/logout', { body: {}, headers: { cookie: next.headers.get('set-cookie')!.split(';')[0]! } });
  expect(out.headers.get('set-cookie')).toMatch(/^neurodata_refresh=; Max-Age=0; /);
  expect((await send('GET', '/api/v1/auth/user', { access: (next.value as SignedIn).access })).status).toBe(401);
  const site = await serveApi({ chain: noChain, db, users: { now, siteUrl: () => 'https://market.example' } });
  const secure = await fetch(`${site.api.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password, cookie: true }) });
  expect(secure.headers.get('set-cookie')).toMatch(/^__Host-neurodata_refresh=[\w-]{43}; Expires=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  // Another host under the same domain can set the plain name, and is not heard.
  const [, given] = secure.headers.get('set-cookie')!.split(';')[0]!.split('=');
  const refresh = async (name: string): Promise<number> => (await fetch(`${site.api.url}/api/v1/auth/refresh`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: `${name}=${given}` }, body: '{}' })).status;
  expect([await refresh('neurodata_refresh'), await refresh('__Host-neurodata_refresh')]).toEqual([401, 200]);
  await site.close();
});

test('access credentials of another key, algorithm, type or time are nobody\'s; a rotated key still verifies', async () => {
  const me = await signUp();
  const [, payload] = me.access.split('.');
  const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
  const { kid, secret } = keys.current();
  const forged = [
    new UnsecuredJWT(claims).encode(),
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(new Uint8Array(32)),
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS512', typ: 'at+jwt', kid }).sign(new Uint8Array([...secret, ...secret])),
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid }).sign(secret),
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: '../../etc/passwd' }).sign(secret),
    await new SignJWT({ ...claims, aud: 'another' }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(secret),
    `${me.access}x`, 'x'.repeat(5_000),
  ];
  for (const access of forged) expect(codeOf(await send('GET', '/api/v1/auth/user', { access }))).toEqual([401, 'UNAUTHENTICATED']);
  await keys.rotate();
  expect((await send('GET', '/api/v1/auth/user', { access: me.access })).status).toBe(200);
  clock += 601;
  expect((await send('GET', '/api/v1/auth/user', { access: me.access })).status).toBe(401);
});

test('tries are counted by account and address, known or not', async () => {
  const strict = await serveApi({ chain: noChain, db, users: { now, limitFactor: 1 } });
  const tryLogin = async (email: string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 11; turn += 1) statuses.push((await fetch(`${strict.api.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password: 'guess' }) })).status);
    return statuses;
  };
  const { email } = await signUp();
  const expected = [...Array.from({ length: 10 }, () => 401), 429];
  expect([await tryLogin(email), await tryLogin('no.such@example.org')]).toEqual([expected, expected]);
  clock += 900;
  expect((await tryLogin(email))[0]).toBe(401);
  await strict.close();
});

test('who is named at start becomes an admin by confirming the address; nobody else does', async () => {
  const access = await admin();
  const { userId, roles } = (await send('GET', '/api/v1/auth/user', { access })).value as SignedIn['user'];
  expect(roles).toEqual(['user', 'admin']);
  expect(codeOf(await send('POST', `/api/v1/admin/users/${userId}/roles`, { body: { roles: [] }, access }))).toEqual([409, 'CONFLICT']);
  expect((await signUp('root@example.org.evil.example')).user.roles).toEqual(['user']);
});

test('without play money there is no mailbox page', async () => {
  const quiet = await serveApi({ chain: noChain, db, users: { now } });
  expect((await fetch(`${quiet.api.url}/api/v1/demo/mailbox`)).status).toBe(404);
  await quiet.close();
});

test('a wallet signs in again as the same user; what it signed is of use once, here, in time, for this', async () => {
  const wallet = freshWallet();
  const signed = await signedBy(wallet);
  const first = await post('wallet/auth', signed);
  const again = await post('wallet/auth', await signedBy(wallet));
  expect((again.value as SignedIn).user.userId).toBe((first.value as SignedIn).user.userId);
  const refused = async (change: (signed: { message: string; signature: Hex }) => unknown): Promise<unknown> => codeOf(await post('wallet/auth', await change(await signedBy(wallet))));
  expect(codeOf(await post('wallet/auth', signed))).toEqual([400, 'BAD_INPUT']);
  expect(await refused(async ({ message }) => ({ message, signature: await freshWallet().signMessage({ message }) }))).toEqual([401, 'UNAUTHENTICATED']);
  for (const [from, to] of [['127.0.0.1:', 'evil.example:'], ['Chain ID: 31337', 'Chain ID: 1'], ['Sign in to', 'Pay for']] as const) {
    expect(await refused(async ({ message }) => ({ message: message.replace(from, to), signature: await wallet.signMessage({ message: message.replace(from, to) }) }))).toEqual([400, 'BAD_INPUT']);
  }
  const { access } = first.value as SignedIn;
  expect(codeOf(await post('wallet/auth', await signedBy(freshWallet(), access)))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await post('wallet/link', await signedBy(freshWallet()), access))).toEqual([400, 'BAD_INPUT']);
  const late = await signedBy(wallet);
  clock += 601;
  expect(codeOf(await post('wallet/auth', late))).toEqual([400, 'BAD_INPUT']);
  const both = await signedBy(wallet);
  expect((await Promise.all([post('wallet/auth', both), post('wallet/auth', both)])).map(({ status }) => status).toSorted()).toEqual([200, 400]);
});

test('several wallets, each of one account; a link for somebody else is of no use; the last way to sign in stays', async () => {
  const [one, two] = [freshWallet(), freshWallet()];
  const { access, user } = (await post('wallet/auth', await signedBy(one))).value as SignedIn;
  const stranger = await signUp();
  expect(codeOf(await post('wallet/link', await signedBy(two, access), stranger.access))).toEqual([400, 'BAD_INPUT']);
  expect((await post('wallet/link', await signedBy(two, access), access)).value).toMatchObject({ userId: user.userId, wallets: expect.arrayContaining([has({ address: one.address }), has({ address: two.address })]) });
  expect(codeOf(await post('wallet/link', await signedBy(two, stranger.access), stranger.access))).toEqual([409, 'CONFLICT']);
  expect(((await post('wallet/auth', await signedBy(two))).value as SignedIn).user.userId).toBe(user.userId);
  const unlink = (wallet: PrivateKeyAccount): Promise<Answer> => send('DELETE', `/api/v1/auth/wallets/${wallet.address}`, { access });
  const both = await Promise.all([unlink(one), unlink(two)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(codeOf(await send('DELETE', `/api/v1/auth/wallets/${one.address}`, { access: stranger.access }))).toEqual([404, 'NOT_FOUND']);
});

test('with an authenticator, each way to sign in asks for it; a code works once, and so does a recovery code', async () => {
  const me = await signUp();
  const wallet = freshWallet();
  await post('wallet/link', await signedBy(wallet, me.access), me.access);
  const { secret, recoveryCodes } = await turnOnTotp(me);
  const login = (secondFactor?: string): Promise<Answer> => post('login', { email: me.email, password, ...(secondFactor ? { secondFactor } : {}) });
  expect(codeOf(await login())).toEqual([401, 'SECOND_FACTOR']);
  // A wrong password says no more than it did before.
  expect(codeOf(await post('login', { email: me.email, password: 'guess', secondFactor: '000000' }))).toEqual([401, 'UNAUTHENTICATED']);
  const code = digits(secret);
  const both = await Promise.all([login(code), login(code)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  expect([(await login(code)).status, (await login(recoveryCodes[0])).status, (await login(recoveryCodes[0])).status]).toEqual([401, 200, 401]);
  const signed = await signedBy(wallet);
  expect(codeOf(await post('wallet/auth', signed))).toEqual([401, 'SECOND_FACTOR']);
  expect((await post('wallet/auth', { ...signed, secondFactor: recoveryCodes[1] })).status).toBe(200);
  clock += 30;
  // A new password does not go round it.
  await post('password/forgot', { email: me.email });
  await post('password/reset', { code: await codeFor(me.email), password });
  expect(codeOf(await login())).toEqual([401, 'SECOND_FACTOR']);
  const late = digits(secret);
  clock += 90;
  expect((await login(late)).status).toBe(401);
  const { rows } = await db.pool.query('SELECT * FROM totp_secrets, recovery_codes');
  const kept = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  expect([kept.includes(secret), kept.includes(recoveryCodes[2]!)]).toEqual([false, false]);
});

test('second factors are guessed ten times and no more', async () => {
  const strict = await serveApi({ chain: noChain, db, users: { now, keys, limitFactor: 1 } });
  const me = await signUp();
  await turnOnTotp(me);
  const wallet = freshWallet();
  await post('wallet/link', await signedBy(wallet, me.access), me.access);
  clock = Math.ceil(clock / 900) * 900;
  const statuses: number[] = [];
  for (let turn = 0; turn < 11; turn += 1) {
    const { message } = (await (await fetch(`${strict.api.url}/api/v1/auth/wallet/connect`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ address: wallet.address }) })).json()) as { message: string };
    const body = JSON.stringify({ message, signature: await wallet.signMessage({ message }), secondFactor: '000000' });
    statuses.push((await fetch(`${strict.api.url}/api/v1/auth/wallet/auth`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  await strict.close();
});

test('an API key does what it was made for, until it ends or expires; at rest there is only its digest', async () => {
  const me = await signUp();
  const { key, item } = await makeKey(me, { expiresAt: clock + 3_600 });
  expect([await send('GET', '/api/v1/auth/user', { access: key }), await send('GET', '/api/v1/auth/activity', { access: key })].map(({ status }) => status)).toEqual([200, 403]);
  expect((await send('GET', '/api/v1/auth/keys', { access: me.access })).value).toMatchObject({ items: [{ keyId: item.keyId, usedAt: clock }] });
  expect(codeOf(await send('GET', '/api/v1/auth/user', { access: `${key.slice(0, -1)}_` }))).toEqual([401, 'UNAUTHENTICATED']);
  const { rows } = await db.pool.query<{ digest: string }>('SELECT * FROM api_keys');
  expect(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(key.slice(12));
  const stranger = await signUp();
  expect(codeOf(await send('DELETE', `/api/v1/auth/keys/${item.keyId}`, { access: stranger.access }))).toEqual([404, 'NOT_FOUND']);
  clock += 3_600;
  expect((await send('GET', '/api/v1/auth/user', { access: key })).status).toBe(401);
});

test('an account is deleted with everything about it, by whoever knows its password', async () => {
  const me = await signUp();
  await makeKey(me);
  expect(codeOf(await post('delete', { password: 'a wrong one' }, me.access))).toEqual([401, 'UNAUTHENTICATED']);
  await post('delete', { password }, me.access);
  expect([(await send('GET', '/api/v1/auth/user', { access: me.access })).status, (await post('refresh', { refresh: me.refresh })).status, (await post('login', { email: me.email, password })).status]).toEqual([401, 401, 401]);
  const tables = ['users', 'sessions', 'user_activity', 'api_keys'];
  for (const table of tables) expect((await db.pool.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [me.user.userId])).rowCount).toBe(0);
});

const rubbish: unknown[] = [null, 7, [], 'text', {}, { email: 5, password: [] }, { email: { $ne: '' }, password: { $ne: '' } }, { email: 'a@b.cd', password: '\0\ud800' }, { email: 'a\0b\ud800', password }, { code: 'ü'.repeat(50), password: 7 }, { refresh: '../../x' }, { refresh: 1e308 }];
test('wrong types and huge texts are refused, in every route', async () => {
  const { access } = await signUp();
  for (const route of Object.values<Route>(routes).filter(({ path }) => path.startsWith('/api/v1/auth'))) {
    if (!route.body) continue;
    for (const body of rubbish) {
      const { status } = await send(route.method, route.path, { body: JSON.stringify(body), access });
      expect([route.path, body, status]).toEqual([route.path, body, expect.toSatisfy((code: number) => code === 200 || (code >= 400 && code < 500))]);
    }
    expect(codeOf(await send(route.method, route.path, { body: { email: 'x'.repeat(1_000_000) }, access }))).toEqual([413, 'TOO_LARGE']);
  }
});
