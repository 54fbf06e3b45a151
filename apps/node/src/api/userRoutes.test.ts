import { routes } from '@neurodata/protocol';
import type { Config, Route, SignedIn, UserRouteName } from '@neurodata/protocol';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createPublicClient, custom } from 'viem';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createKeyRing, createPasswordHasher } from '../accounts/index.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';

/** Every route about users over one real API and database; the clock is the test's. */

/** No route about users reads a contract. */
const addresses = {} as Config['deployment']['addresses'];
const config: Config = {
  version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses }, rpcUrl: '/rpc', demo: true, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
  windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
};
/** No route about users asks the chain but those that check a contract wallet's signature. */
const publicClient = createPublicClient({ transport: custom({ request: () => Promise.reject(new Error('no chain here')) }) });

let db: Database;
let served: ServedApi;
let clock = 1_800_000_000;
const now = (): number => clock;
const keys = await createKeyRing({ store: { read: async () => [], write: async () => undefined }, now });

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient, config }, db, users: { now, keys, firstAdmin: 'root@example.org' }, extra: { demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});
/** Windows of tries pass between tests. */
beforeEach(() => {
  clock += 3_600;
});

type Answer = { status: number; headers: Headers; value: unknown };

async function send(method: string, path: string, options: { body?: unknown; access?: string | undefined; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { body, access, headers = {} } = options;
  const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${served.api.url}${path}`, {
    method, ...init, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(access ? { authorization: `Bearer ${access}` } : {}), ...headers },
  });
  return { status: response.status, headers: response.headers, value: await response.json() };
}
const post = (path: string, body: unknown, access?: string): Promise<Answer> => send('POST', `/api/v1/auth/${path}`, { body, access });
const codeOf = ({ status, value }: Answer): [number, unknown] => [status, (value as { code?: unknown }).code];

const password = 'correct horse battery';
let people = 0;

async function mails(to: string): Promise<{ subject: string; text: string }[]> {
  await served.accounts.settled();
  return (await served.accounts.listMailbox()).filter((mail) => mail.to === to);
}

/** The code behind `#` in the newest mail to somebody. */
async function codeFor(to: string): Promise<string> {
  return /#(?:verify|reset)=(\S+)/.exec((await mails(to))[0]?.text ?? '')?.[1] ?? 'no-code-in-any-mail-there';
}

async function signUp(email = `person${people += 1}@example.org`): Promise<SignedIn & { refresh: string; email: string }> {
  await post('register', { email, password });
  const { value, status } = await post('verify', { code: await codeFor(email), password });
  expect(status).toBe(200);
  return { ...(value as SignedIn & { refresh: string }), email };
}

type Case = { path?: (me: SignedIn) => string | Promise<string>; body?: (me: SignedIn & { email: string; refresh: string }) => unknown; expected: (me: SignedIn & { email: string }) => unknown };

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
  listMailbox: { expected: (me) => ({ items: expect.arrayContaining([has({ to: me.email, subject: 'Confirm your address' })]) }) },
};

test.each(Object.entries(cases))('%s answers by its schema, and to nobody else', async (name, { path, body, expected }) => {
  const route: Route = routes[name as UserRouteName];
  const me = await signUp();
  const address = (await path?.(me)) ?? route.path;
  const sent = await body?.(me);
  const options = sent === undefined ? {} : { body: sent };
  if (route.access) expect(codeOf(await send(route.method, address, options))).toEqual([401, 'UNAUTHENTICATED']);
  const answer = await send(route.method, address, { ...options, ...(route.access ? { access: me.access } : {}) });
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
  // Not to the clock either: a hash is computed for nobody, too.
  const hasher = createPasswordHasher();
  const hash = await hasher.hash(password);
  const time = async (stored: string | undefined): Promise<number> => {
    const started = performance.now();
    expect(await hasher.verify('something else', stored)).toBe(false);
    return performance.now() - started;
  };
  await time(hash);
  expect(await time(undefined)).toBeGreaterThan((await time(hash)) / 5);
});

test('hashes are Argon2id at the cost that OWASP names, and are made again when that changes', async () => {
  const cheap = createPasswordHasher({ cost: { memoryKib: 64, passes: 1, parallelism: 1 } });
  const today = createPasswordHasher();
  const old = await cheap.hash('Zoë knows it');
  expect(old).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  // Typed with a combining accent.
  expect([await today.verify('Zoë knows it', old), today.isOutdated(old), cheap.isOutdated(old)]).toEqual([true, true, false]);
  expect(await today.hash(password)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const { email } = await signUp();
  await db.pool.query('UPDATE users SET password_hash = $1 WHERE email = $2', [await createPasswordHasher({ cost: { memoryKib: 128, passes: 1, parallelism: 1 } }).hash(password), email]);
  await post('login', { email, password });
  const { rows } = await db.pool.query<{ password_hash: string }>('SELECT password_hash FROM users WHERE email = $1', [email]);
  expect(rows[0]!.password_hash).toMatch(/m=64,t=1/);
});

test('more hashes than may wait are refused at once', async () => {
  const hasher = createPasswordHasher({ cost: { memoryKib: 64, passes: 1, parallelism: 1 }, atOnce: 1, mostWaiting: 2 });
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => hasher.hash(password)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  expect(await hasher.verify(password, await hasher.hash(password))).toBe(true);
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
  clock += 1_801;
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

test.each([['person@example.org', 'person@example.org1'], ['person@example.org', 'aaaaaaaaaaaaaaaa'], ['person@example.org', 'neurodatapassword'], ['person@example.org', 'short'], ['person@example.org', 'x'.repeat(257)], ['nobody', password]])('register %s with "%.20s" is refused', async (email, guess) => {
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
  const site = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient, config }, db, users: { now, siteUrl: () => 'https://market.example' } });
  const secure = await fetch(`${site.api.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password, cookie: true }) });
  expect(secure.headers.get('set-cookie')).toMatch(/; SameSite=Strict; Secure$/);
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
  const strict = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient, config }, db, users: { now, limitFactor: 1 } });
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
  expect((await signUp('root@example.org')).user.roles).toEqual(['user', 'admin']);
  expect((await signUp('root@example.org.evil.example')).user.roles).toEqual(['user']);
});

test('without play money there is no mailbox page', async () => {
  const quiet = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient, config }, db, users: { now } });
  expect((await fetch(`${quiet.api.url}/api/v1/demo/mailbox`)).status).toBe(404);
  await quiet.close();
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
