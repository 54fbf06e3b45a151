import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { addressGroup, createRateLimits } from './createRateLimits.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient } from './userClient.ts';

/** Rate limits, which pages may read and write, and request ids. */

const site = 'https://market.example';

let db: Database;
let served: ServedApi;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: noChain, db, extra: { allowedOrigins: [site], trustedProxies: ['127.0.0.1'], rates: { address: 50, account: 3, key: 2, door: 4 } } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});

const { send, signUp, makeKey } = createUserClient(() => served);
let addresses = 0;
/** As a proxy would pass on a request of somebody elsewhere. */
const from = (address = `198.51.100.${addresses += 1}`): Record<string, string> => ({ 'x-forwarded-for': address });
const get = (path: string, headers: Record<string, string> = from(), method = 'GET') => fetch(`${served.api.url}${path}`, { headers, method });

test('an address may ask so often in a minute, and is told how often still', async () => {
  const me = from();
  const answers = [];
  for (let turn = 0; turn < 51; turn += 1) answers.push(await get('/api/v1/stakes', me));
  expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 50 }, () => 200), 429]);
  expect(answers.slice(0, 2).map(({ headers }) => [headers.get('ratelimit-policy'), headers.get('ratelimit')])).toEqual([49, 48].map((left) => ['"address";q=50;w=60', expect.stringMatching(new RegExp(`^"address";r=${left};t=\\d+$`))]));
  const last = answers[50]!;
  expect([Number(last.headers.get('retry-after')), await last.json()]).toEqual([expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 60), expect.objectContaining({ code: 'RATE_LIMITED', status: 429, retryAfter: expect.any(Number) })]);
  // The dApp and what says whether the node lives are not counted, others neither.
  expect([await get('/healthz', me), await get('/readyz', me), await get('/api/v1/stakes')].map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('blocks and the chain have a limit of their own', async () => {
  const me = from();
  const statuses = [];
  for (let turn = 0; turn < 5; turn += 1) statuses.push((await get('/ipfs/none', me)).status);
  expect([statuses.at(-1), statuses.includes(200), (await get('/api/v1/stakes', me)).status]).toEqual([429, false, 200]);
});

test('an account has one limit wherever it calls from, and each of its keys its own', async () => {
  const me = await signUp();
  const key = await makeKey(me);
  const ask = async (access: string): Promise<number> => (await send('GET', '/api/v1/auth/user', { access, headers: from() })).status;
  // Making the key was the first.
  expect([await ask(me.access), await ask(me.access), await ask(me.access), await ask(key.key), await ask(key.key), await ask(key.key)]).toEqual([200, 200, 429, 200, 200, 429]);
  const other = await signUp();
  const { headers } = await send('GET', '/api/v1/auth/user', { access: other.access, headers: from() });
  expect(headers.get('ratelimit')).toMatch(/^"address";r=49;t=\d+, "account";r=2;t=\d+$/);
});

test('windows end; addresses of one IPv6 network are one', () => {
  let clock = 0;
  const limits = createRateLimits({ rates: { address: 1, account: 0, key: 0, door: 0 }, now: () => clock });
  const reply = { getHeader: () => undefined, header: () => undefined } as never;
  const count = (): void => limits.count(reply, 'address', 'a');
  count();
  expect(count).toThrow('Too many requests. Try again in 60 seconds.');
  clock = 59_500;
  expect(count).toThrow('Try again in 1 second.');
  clock = 60_000;
  count();
  for (let turn = 0; turn < 1_000; turn += 1) limits.count(reply, 'account', 'no limit');
  expect(['192.0.2.1', '::ffff:192.0.2.1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::9', '2001:0db8:0001:0002::', '2001:db8:1:3::', '::1', 'fe80::1%eth0'].map(addressGroup))
    .toEqual(['192.0.2.1', '192.0.2.1', '2001:db8:1:2::/64', '2001:db8:1:2::/64', '2001:db8:1:2::/64', '2001:db8:1:3::/64', '0:0:0:0::/64', 'fe80:0:0:0::/64']);
});

test('refused sign-ins say when to try again', async () => {
  const strict = await serveApi({ chain: noChain, db, users: { limitFactor: 1 } });
  const guess = () => fetch(`${strict.api.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'guess@example.org', password: 'guess' }) });
  for (let turn = 0; turn < 10; turn += 1) await guess();
  const refused = await guess();
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
  await strict.close();
});

test('pages of a listed origin may read and write with credentials; of others, browsers let none', async () => {
  const cors = async (headers: Record<string, string>, path = '/api/v1/stakes', method = 'GET') => {
    const response = await get(path, { ...from(), ...headers }, method);
    return [response.status, ...['access-control-allow-origin', 'access-control-allow-credentials', 'vary'].map((name) => response.headers.get(name))];
  };
  expect(await cors({ origin: site })).toEqual([200, site, 'true', 'origin']);
  // Refusals can be read as well.
  expect(await cors({ origin: site }, '/api/v1/assets/zero')).toEqual([400, site, 'true', 'origin']);
  expect(await cors({})).toEqual([200, null, null, 'origin']);
  for (const origin of ['https://evil.example', `${site}.evil.example`, 'http://market.example', `${site}:8443`, 'null']) {
    expect(await cors({ origin })).toEqual([200, null, null, 'origin']);
    expect(await cors({ origin, 'access-control-request-method': 'POST' }, '/api/v1/stakes', 'OPTIONS')).toEqual([403, null, null, 'origin']);
    expect(await cors({ origin }, '/api/v1/auth/logout', 'POST')).toEqual([403, null, null, 'origin']);
  }
  const preflight = await get('/api/v1/auth/keys', { ...from(), origin: site, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, idempotency-key' }, 'OPTIONS');
  expect([preflight.status, await preflight.text(), preflight.headers.get('access-control-allow-methods'), preflight.headers.get('access-control-allow-headers'), preflight.headers.get('access-control-max-age')])
    .toEqual([204, '', 'GET, HEAD, POST, PUT, DELETE', expect.stringContaining('idempotency-key'), '600']);
  expect((await send('POST', '/api/v1/auth/password/forgot', { body: { email: 'a@example.org' }, headers: { ...from(), origin: site } })).status).toBe(200);
});

test('where every page may, none gets cookies; where no origin is listed, nothing is said', async () => {
  const [open, closed] = [await serveApi({ chain: noChain, db, extra: { allowedOrigins: ['*'] } }), await serveApi({ chain: noChain, db })];
  const headersOf = async (api: ServedApi) => (await fetch(`${api.api.url}/api/v1/config`, { headers: { origin: 'https://anywhere.example' } })).headers;
  expect([await headersOf(open), await headersOf(closed)].map((headers) => [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials'), headers.get('vary')]))
    .toEqual([['*', null, 'origin'], [null, null, null]]);
  await open.close();
  await closed.close();
});

test('a caller may name its request, plainly', async () => {
  const idOf = async (id: string) => (await get('/api/v1/assets/99', { ...from(), 'x-request-id': id })).headers.get('x-request-id');
  expect(await idOf('order-7.of_me')).toBe('order-7.of_me');
  for (const id of ['short', 'x'.repeat(101), 'with space in it', '{"json":true}']) expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/);
  expect(codeOf(await send('GET', '/api/v1/assets/99', { headers: { ...from(), 'x-request-id': 'mine-in-the-body' } }))).toEqual([404, 'NOT_FOUND']);
  expect((await send('GET', '/api/v1/assets/99', { headers: { ...from(), 'x-request-id': 'mine-in-the-body' } })).value).toMatchObject({ requestId: 'mine-in-the-body' });
});
