import type { SignedIn } from '@neurodata/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, password } from './userClient.ts';

/** The routes about background jobs, over one API and database. */

let db: Database;
let served: ServedApi;
let broken = true;
const { send, post, signUp } = createUserClient(() => served);

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: noChain, db, users: { firstAdmin: 'root@example.org' }, extra: { demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } } });
  served.jobs.define('report', { retries: 0, backoff: 1, timeoutSeconds: 20, work: async (data: { secret: string }) => { if (broken) throw new Error('the far end is away'); return { length: data.secret.length }; } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});

test('an admin sees jobs and what became of them, but not what they carry, and retries dead ones; nobody else may', async () => {
  await signUp('root@example.org');
  const { access } = (await post('login', { email: 'root@example.org', password })).value as SignedIn;
  const jobId = (await served.jobs.enqueue('report', { secret: 'carried' }))!;
  await served.jobs.idle();
  const list = (query = '') => send('GET', `/api/v1/admin/jobs${query}`, { access });
  const act = (id: string, what: string) => send('POST', `/api/v1/admin/jobs/${id}/${what}`, { access });
  const dead = await list('?state=dead&name=report');
  expect(dead.value).toMatchObject({ items: [{ jobId, name: 'report', state: 'dead', retries: 0, retryLimit: 0, error: 'the far end is away' }] });
  expect(JSON.stringify(dead.value)).not.toContain('carried');
  broken = false;
  expect((await act(jobId, 'retry')).value).toEqual({ done: true });
  await served.jobs.idle();
  expect((await list()).value).toMatchObject({ items: [{ jobId, state: 'done', result: { length: 7 } }] });
  expect(codeOf(await act(jobId, 'retry'))).toEqual([409, 'CONFLICT']);
  expect(codeOf(await act('00000000-0000-4000-8000-000000000000', 'retry'))).toEqual([404, 'NOT_FOUND']);
  const waiting = (await served.jobs.enqueue('report', { secret: '' }, { after: 3_600 }))!;
  expect((await act(waiting, 'cancel')).value).toEqual({ done: true });
  expect((await list('?state=cancelled')).value).toMatchObject({ items: [{ jobId: waiting }] });
  const [newer, older] = [await list('?limit=1'), await list('?limit=1&cursor=1')];
  expect([newer.value, older.value]).toEqual([{ items: [expect.objectContaining({ jobId: waiting })], next: 1 }, { items: [expect.objectContaining({ jobId })] }]);
  expect(codeOf(await list('?state=odd'))).toEqual([400, 'BAD_INPUT']);

  const stranger = await signUp();
  for (const path of ['', `/${jobId}/retry`, `/${jobId}/cancel`]) {
    const method = path === '' ? 'GET' : 'POST';
    expect(codeOf(await send(method, `/api/v1/admin/jobs${path}`, { access: stranger.access }))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await send(method, `/api/v1/admin/jobs${path}`))).toEqual([401, 'UNAUTHENTICATED']);
  }
});
