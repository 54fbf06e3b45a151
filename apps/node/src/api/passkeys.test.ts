import { passkeyRoutes } from '@neurodata/protocol';
import type { Passkey, Route, SignedIn } from '@neurodata/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createSoftAuthenticator } from './softAuthenticator.ts';
import type { Bend, SoftAuthenticator } from './softAuthenticator.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, freshWallet, password } from './userClient.ts';
import type { Answer } from './userClient.ts';

/** Passkeys over a real API and database, with an authenticator of the test's; `e2e/browserSignIn.test.ts` has the browser's. */

let db: Database;
let served: ServedApi;
let origin = '';
let clock = 1_800_000_000;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: noChain, db, users: { now: () => clock } });
  origin = served.api.url.replace('127.0.0.1', 'localhost');
});
afterAll(async () => {
  await served.close();
  await db.close();
});
beforeEach(() => {
  clock += 3_600;
});

const client = createUserClient(() => ({ ...served, api: { ...served.api, url: origin } }));
const { send, post, signUp, makeKey, signedBy } = client;
type Creation = Parameters<SoftAuthenticator['create']>[0];
type Request = Parameters<SoftAuthenticator['get']>[0];
const begin = async (access: string): Promise<Creation> => (await post('passkeys/begin', {}, access)).value as Creation;
const beginLogin = async (): Promise<Request> => (await post('passkeys/login/begin', {})).value as Request;
const list = async (access: string): Promise<Passkey[]> => ((await send('GET', '/api/v1/auth/passkeys', { access })).value as { items: Passkey[] }).items;

async function add(access: string, bend: Bend = {}): Promise<{ device: SoftAuthenticator; answer: Answer }> {
  const device = createSoftAuthenticator(origin);
  return { device, answer: await post('passkeys', { name: 'laptop', credential: device.create(await begin(access), bend) }, access) };
}
const login = async (device: SoftAuthenticator, bend: Bend = {}): Promise<Answer> => post('passkeys/login', { credential: device.get(await beginLogin(), bend) });

test('a passkey shows again who somebody is, its own owner only', async () => {
  const [me, other] = [await signUp(), await signUp()];
  const { device } = await add(me.access);
  clock += 590;
  const fresh = async ({ refresh }: { refresh: string }): Promise<string> => ((await post('refresh', { refresh })).value as SignedIn).access;
  const [mine, theirs] = [await fresh(me), await fresh(other)];
  clock += 10;
  expect([codeOf(await post('passkeys/begin', {}, mine)), codeOf(await post('passkeys/begin', {}, theirs))]).toEqual([[401, 'PROOF_NEEDED'], [401, 'PROOF_NEEDED']]);
  expect(codeOf(await post('prove', { passkey: device.get(await beginLogin()) }, theirs))).toEqual([401, 'UNAUTHENTICATED']);
  expect((await post('prove', { passkey: device.get(await beginLogin()) }, mine)).value).toEqual({ provedUntil: clock + 600 });
  expect([(await post('passkeys/begin', {}, mine)).status, codeOf(await post('passkeys/begin', {}, theirs))]).toEqual([200, [401, 'PROOF_NEEDED']]);
});

test('a passkey signs in without a user name, is named anew, and goes', async () => {
  const me = await signUp();
  const { device, answer } = await add(me.access);
  expect(answer.value).toEqual({ passkeyId: expect.any(String), name: 'laptop', host: 'localhost', synced: false, createdAt: clock, usedAt: null });
  const { passkeyId } = answer.value as Passkey;
  const { value, status } = await login(device);
  expect([status, (value as SignedIn).user.userId]).toEqual([200, me.user.userId]);
  expect((await send('GET', '/api/v1/auth/sessions', { access: me.access })).value).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ method: 'passkey' })]) });
  await send('POST', `/api/v1/auth/passkeys/${passkeyId}`, { body: { name: 'desk' }, access: me.access });
  expect(await list(me.access)).toMatchObject([{ name: 'desk', usedAt: clock }]);
  const cookie = await post('passkeys/login', { credential: device.get(await beginLogin()), cookie: true });
  expect([cookie.value, cookie.headers.get('set-cookie')]).toEqual([expect.not.objectContaining({ refresh: expect.anything() }), expect.stringContaining('HttpOnly')]);
  expect((await send('DELETE', `/api/v1/auth/passkeys/${passkeyId}`, { access: me.access })).status).toBe(200);
  expect(codeOf(await login(device))).toEqual([401, 'UNAUTHENTICATED']);
});

test('it is asked of nobody else, with no key, and others\' are not found', async () => {
  const [me, stranger] = [await signUp(), await signUp()];
  const { answer } = await add(me.access);
  const { passkeyId } = answer.value as Passkey;
  for (const route of Object.values<Route>(passkeyRoutes).filter(({ access }) => access)) {
    const path = route.path.replace('{passkeyId}', passkeyId);
    const body = route.body ? { body: { name: 'x' } } : {};
    expect(codeOf(await send(route.method, path, body))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await send(route.method, path, { ...body, access: (await makeKey(me)).key }))).toEqual([403, 'FORBIDDEN']);
  }
  expect(codeOf(await send('DELETE', `/api/v1/auth/passkeys/${passkeyId}`, { access: stranger.access }))).toEqual([404, 'NOT_FOUND']);
  expect(codeOf(await send('POST', `/api/v1/auth/passkeys/${passkeyId}`, { body: { name: 'mine' }, access: stranger.access }))).toEqual([404, 'NOT_FOUND']);
  expect(await list(stranger.access)).toEqual([]);
  // A challenge for one account adds nothing to another.
  const device = createSoftAuthenticator(origin);
  expect(codeOf(await post('passkeys', { name: 'x', credential: device.create(await begin(me.access)) }, stranger.access))).toEqual([400, 'BAD_INPUT']);
});

test.each<[string, Bend]>([['of another page', { origin: 'https://evil.example' }], ['for another host', { rpId: 'evil.example' }], ['without finger or PIN', { flags: 0x01 }], ['signed for something else', { type: 'payment.get' }], ['of another user', { userHandle: 'AAAA' }]])('an answer %s is refused', async (_name, bend) => {
  const me = await signUp();
  const { device } = await add(me.access);
  expect(codeOf(await login(device, bend))).toEqual([401, 'UNAUTHENTICATED']);
  expect((await login(device)).status).toBe(200);
  if (bend.userHandle === undefined) expect(codeOf((await add(me.access, bend)).answer)).toEqual([401, 'UNAUTHENTICATED']);
});

test('a challenge works once, in its time, for its purpose, and only ours', async () => {
  const me = await signUp();
  const { device } = await add(me.access);
  const credential = device.get(await beginLogin());
  const both = await Promise.all([post('passkeys/login', { credential }), post('passkeys/login', { credential })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  expect(codeOf(await login(device, { challenge: 'A'.repeat(43) }))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await login(device, { challenge: (await begin(me.access)).challenge }))).toEqual([400, 'BAD_INPUT']);
  const late = device.get(await beginLogin());
  clock += 301;
  expect(codeOf(await post('passkeys/login', { credential: late }))).toEqual([400, 'BAD_INPUT']);
  const other = createSoftAuthenticator(origin);
  other.create(await begin(me.access));
  expect(codeOf(await login(other))).toEqual([401, 'UNAUTHENTICATED']);
});

test('a counter that goes back or stands still is a copy\'s; authenticators that never count are let in', async () => {
  const me = await signUp();
  const { device } = await add(me.access);
  expect((await login(device, { counter: 7 })).status).toBe(200);
  expect([codeOf(await login(device, { counter: 7 })), codeOf(await login(device, { counter: 6 })), (await login(device, { counter: 4_000_000_000 })).status]).toEqual([[401, 'UNAUTHENTICATED'], [401, 'UNAUTHENTICATED'], 200]);
  expect((await send('GET', '/api/v1/auth/activity', { access: me.access })).value).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ action: 'passkey refused: its counter went back' })]) });
  const synced = await add(me.access, { counter: 0 });
  expect([(await login(synced.device, { counter: 0 })).status, (await login(synced.device, { counter: 0 })).status]).toEqual([200, 200]);
});

test('it is a way to sign in that may be the last one, and then stays', async () => {
  const wallet = freshWallet();
  const { access } = (await post('wallet/auth', await signedBy(wallet))).value as SignedIn;
  const { device, answer } = await add(access);
  expect((await send('DELETE', `/api/v1/auth/wallets/${wallet.address}`, { access })).status).toBe(200);
  expect(codeOf(await send('DELETE', `/api/v1/auth/passkeys/${(answer.value as Passkey).passkeyId}`, { access }))).toEqual([409, 'CONFLICT']);
  expect((await login(device)).status).toBe(200);
});

test('it needs no second factor besides; a password still does', async () => {
  const me = await signUp();
  const { device } = await add(me.access);
  await served.db.pool.query('INSERT INTO totp_secrets (user_id, sealed_secret, last_step, enabled_at) VALUES ($1, $2, 0, 1)', [me.user.userId, 'sealed']);
  expect(codeOf(await post('login', { email: me.email, password }))).toEqual([401, 'SECOND_FACTOR']);
  expect((await login(device)).status).toBe(200);
});

test('at an address of numbers there are none, and the remedy says where', async () => {
  const response = await fetch(`${served.api.url}/api/v1/auth/passkeys/login/begin`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'BAD_INPUT', remedy: expect.stringContaining('http') })]);
});
