import { createApi } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecretBox } from '../accounts/index.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createIdempotency } from './createIdempotency.ts';
import { sweepIdempotency } from './sweepIdempotency.ts';
import { log, noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, freshWallet, password } from './userClient.ts';

/** The header Idempotency-Key over one real API and database. */

let db: Database;
let served: ServedApi;
let paid = 0;
let broken = false;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const fund = async () => {
    paid += 1;
    if (broken) throw new Error('the connection broke after sending');
    return { transaction: `0x${'22'.repeat(32)}` as const, amount: BigInt(paid) };
  };
  served = await serveApi({ chain: noChain, db, extra: { demo: { accounts: [], fund } } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});

const { send, post, signUp } = createUserClient(() => served);
const address = freshWallet().address;
const fund = (key: string, body: unknown = { address }) => send('POST', '/api/v1/demo/faucet', { body, headers: { 'idempotency-key': key } });
const replayed = ({ headers }: { headers: Headers }): string | null => headers.get('idempotency-replayed');

test('the same key with the same request takes effect once, with the first answer again', async () => {
  const before = paid;
  const first = await fund('one');
  const again = await send('POST', '/api/v1/demo/faucet', { body: `{ "address" : "${address}" }`, headers: { 'idempotency-key': '"one"' } });
  expect([paid - before, first.status, again.status, again.value, replayed(first), replayed(again)]).toEqual([1, 200, 200, first.value, null, 'true']);
  await fund('two');
  expect(paid - before).toBe(2);
});

test('the client of the sdk sends it', async () => {
  const api = createApi({ url: served.api.url });
  const answers = [await api.requestFunds({ address }, { idempotencyKey: 'by the client'.replaceAll(' ', '-') }), await api.requestFunds({ address }, { idempotencyKey: 'by-the-client' })];
  expect(answers[1]).toEqual(answers[0]);
});

test('1,000 at once make one API key, and each is told the same', async () => {
  const me = await signUp();
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => send('POST', '/api/v1/auth/keys', { body: { name: 'one of many', scopes: ['profile:read'] }, access: me.access, headers: { 'idempotency-key': 'many' } })));
  expect(new Set(answers.map(({ status, value }) => JSON.stringify([status, value]))).size).toBe(1);
  expect([answers[0]!.status, answers.filter((answer) => replayed(answer) === null).length]).toEqual([200, 1]);
  expect((await db.pool.query('SELECT 1 FROM api_keys WHERE user_id = $1', [me.user.userId])).rowCount).toBe(1);
  // The answer holds a secret: the database does not.
  const { rows } = await db.pool.query('SELECT request, sealed_answer FROM idempotency_keys');
  expect(JSON.stringify(rows)).not.toContain((answers[0]!.value as { key: string }).key);
});

test('another request under the key is refused, also while the first is being answered', async () => {
  const other = { address: freshWallet().address };
  expect((await Promise.all([fund('three'), fund('three', other)])).map(({ status }) => status)).toEqual([200, 422]);
  expect(codeOf(await fund('three', other))).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
});

test('a key is its caller\'s: another account may use the same words', async () => {
  const [one, two] = [await signUp(), await signUp()];
  const make = (access: string) => send('POST', '/api/v1/auth/keys', { body: { name: 'mine', scopes: ['profile:read'] }, access, headers: { 'idempotency-key': 'mine' } });
  const answers = [await make(one.access), await make(two.access)];
  expect([answers.map(({ status }) => status), answers.map(replayed), new Set(answers.map(({ value }) => (value as { key: string }).key)).size]).toEqual([[200, 200], [null, null], 2]);
});

test('a refusal is an answer too; what was never begun is not', async () => {
  const me = await signUp();
  const end = (path: string) => send('DELETE', `/api/v1/auth/keys/${path}`, { access: me.access, headers: { 'idempotency-key': 'end' } });
  expect((await end('no-uuid')).status).toBe(400);
  const gone = await end('00000000-0000-4000-8000-000000000000');
  const again = await end('00000000-0000-4000-8000-000000000000');
  expect([codeOf(gone), again.value, again.headers.get('content-type'), replayed(again)]).toEqual([[404, 'NOT_FOUND'], gone.value, expect.stringMatching(/^application\/problem\+json/), 'true']);
});

test('an effect whose answer failed is not repeated', async () => {
  broken = true;
  const before = paid;
  const first = await fund('failed');
  broken = false;
  expect([(await fund('failed')).value, first.status, paid - before]).toEqual([first.value, 500, 1]);
});

test('keys that are none, and routes that hand out credentials, are refused', async () => {
  for (const key of ['', ' ', 'x'.repeat(201), 'a b', '"']) expect(codeOf(await fund(key))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await send('POST', '/api/v1/auth/login', { body: { email: 'a@example.org', password }, headers: { 'idempotency-key': 'x' } }))).toEqual([400, 'BAD_INPUT']);
});

test('what another process does is waited for; what was begun and never answered is nobody\'s guess; a day later the key is free', async () => {
  let clock = 1_800_000_000;
  const make = () => createIdempotency({ db, box: createSecretBox(new Uint8Array(32)), log, now: () => clock });
  const [one, two] = [make(), make()];
  const ask = { caller: 'address 1', key: 'shared', request: 'pay' };
  const never = one.run({ ...ask, work: () => new Promise(() => undefined) });
  void never;
  await expect.poll(async () => (await db.pool.query('SELECT 1 FROM idempotency_keys WHERE busy_until = $1', [clock + 300])).rowCount).toBe(1);
  const work = async () => ({ status: 200, body: '{}' });
  await expect(two.run({ ...ask, work })).rejects.toMatchObject({ code: 'IDEMPOTENCY_BUSY', retryAfter: 5 });
  await expect(two.run({ ...ask, request: 'pay more', work })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  clock += 301;
  await expect(two.run({ ...ask, work })).rejects.toMatchObject({ code: 'IDEMPOTENCY_UNKNOWN' });
  clock += 86_400;
  expect(await two.run({ ...ask, work })).toEqual({ status: 200, body: '{}', replayed: false });
  clock += 86_400;
  await sweepIdempotency(db, clock - 1);
  expect((await db.pool.query('SELECT 1 FROM idempotency_keys')).rowCount).toBe(1);
  expect(await sweepIdempotency(db, clock)).toEqual({ forgotten: 1 });
  expect((await db.pool.query('SELECT 1 FROM idempotency_keys')).rowCount).toBe(0);
});

test('a deleted account leaves no keys behind', async () => {
  const me = await signUp();
  await send('POST', '/api/v1/auth/keys', { body: { name: 'mine', scopes: ['profile:read'] }, access: me.access, headers: { 'idempotency-key': 'gone' } });
  await post('delete', { password }, me.access);
  expect((await db.pool.query('SELECT 1 FROM idempotency_keys WHERE user_id = $1', [me.user.userId])).rowCount).toBe(0);
});
