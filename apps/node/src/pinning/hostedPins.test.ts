import { globSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createStorage, memoryBlocks, parseCid } from '@neurodata/storage';
import type { BlockStore, Storage } from '@neurodata/storage';
import { type DiskBlocks, type PinningTarget, diskBlocks, pinningService } from '@neurodata/storage/node';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addBlockDoor } from '../api/blockDoor.ts';
import { type ServedApi, log, noChain, serveApi } from '../api/testing.ts';
import { createUserClient } from '../api/userClient.ts';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { type BackgroundJobs, createBackgroundJobs } from '../jobs/index.ts';
import { collectGarbage } from '../keeping/collectGarbage.ts';
import { checkHostedPins } from './checkHostedPins.ts';
import { createHostedPins } from './createHostedPins.ts';
import { delegateOfUrl, multiaddrOfUrl } from './multiaddr.ts';

/** A node that asks, as a gateway of its blocks, and one that keeps: client and server of the pinning service are both this project's. */
let db: Database;
let folder: string;
let served: ServedApi;
let jobs: BackgroundJobs;
let kept: DiskBlocks;
let asking: { app: FastifyInstance; url: string; blocks: BlockStore; storage: Storage };
let [token, service]: [string, PinningTarget] = ['', {} as PinningTarget];
const { send, signUp, makeKey } = createUserClient(() => served);
const quotaBytes = 8_000_000;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-hosted-'));
  kept = diskBlocks({ folder });
  const app = fastify();
  const blocks = memoryBlocks();
  addBlockDoor(app, { blocks, quotaBytes: 2 ** 30 });
  asking = { app, url: await app.listen({ host: '127.0.0.1', port: 0 }), blocks, storage: createStorage(blocks) };
  jobs = createBackgroundJobs({ db, log, pollMs: 50 });
  const pins = createHostedPins({ db, own: kept, peers: [], jobs, log, quotaBytes, loopback: true, checkBytes: 2 ** 30 });
  await jobs.start();
  served = await serveApi({ chain: noChain, db, users: { firstAdmin: 'root@example.org' }, extra: { pins, blocks: kept } });
  token = (await makeKey(await signUp('root@example.org'), { scopes: ['pins:write'] })).key;
  service = pinningService({ url: served.api.url, token });
}, 60_000);
afterAll(async () => {
  await served?.close();
  await jobs?.stop();
  await asking?.app.close();
  await db?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => void await db.pool.query('DELETE FROM hosted_pins'));

type Answer = { status: number; value: Record<string, never> & { error?: { reason: string; details: string }; requestid?: string; created?: string; count?: number; results?: { requestid: string; created: string; pin: { name: string } }[] } };
const ask = async (method: string, where: string, body?: object, access: string | undefined = token): Promise<Answer> => {
  const response = await fetch(`${served.api.url}${where}`, { method, headers: { ...(access ? { authorization: `Bearer ${access}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  return { status: response.status, value: (text === '' ? {} : JSON.parse(text)) as Answer['value'] };
};

/** A file of several chunks that the asking node has. */
const addFile = async (seed: number, bytes = 2_500_000): Promise<string> => (await asking.storage.addFile({ content: Readable.from([new Uint8Array(bytes).map((_, index) => (index * 31 + seed * 7 + (index >> 8)) % 251)]) })).cid;
const whole = async (cid: string): Promise<number> => {
  let bytes = 0;
  for await (const piece of createStorage(kept).readFile({ cid })) bytes += piece.length;
  return bytes;
};
const origins = (): string[] => [multiaddrOfUrl(asking.url)];

test('one node keeps for another: asked for, fetched block by block, followed, listed, let go', async () => {
  const cid = await addFile(1);
  const queued = await service.pin({ cid, name: 'asset 7 v1 content', origins: origins() });
  expect(queued).toMatchObject({ cid, name: 'asset 7 v1 content', state: 'queued' });
  await jobs.idle();
  expect(await service.status(queued)).toMatchObject({ state: 'pinned' });
  expect(await whole(cid)).toBe(2_500_000);
  // Asked twice, it is one pin.
  expect((await service.pin({ cid, name: 'again' })).id).toBe(queued.id);
  expect(await service.check()).toContain('keeps 1 pins');
  for await (const { id } of service.list()) expect(id).toBe(queued.id);
  expect((await ask('GET', `/pins/${queued.id}`)).value).toMatchObject({ requestid: queued.id, status: 'pinned', pin: { cid, origins: origins(), meta: {} }, delegates: [delegateOfUrl(served.api.url)], info: { dag_size: expect.stringMatching(/^25\d{5}$/) } });
  await service.unpin(queued);
  await service.unpin(queued);
  expect(await service.status(queued)).toMatchObject({ state: 'none' });
});

test('garbage collection leaves what a pin names, also where two share it, and takes it once nothing does', async () => {
  await db.pool.query("INSERT INTO cursor (id, deployment, block, hash, timestamp) VALUES (1, 'd', 100, '0x01', extract(epoch FROM now())::bigint) ON CONFLICT (id) DO NOTHING");
  const [one, other] = [await addFile(2), await addFile(3)];
  const first = await service.pin({ cid: one, name: 'one', origins: origins() });
  const second = (await ask('POST', '/pins', { cid: one, origins: origins() })).value.requestid!;
  await jobs.idle();
  const collect = async (): Promise<number> => {
    const old = new Date(Date.now() - 30 * 86_400_000);
    for (const file of globSync(path.join(folder, '*', '*.block'))) await utimes(file, old, old);
    return (await collectGarbage({ db, own: kept, others: [], noted: [], head: 100, graceSeconds: 86_400, dryRun: false, signal: new AbortController().signal })).removed;
  };
  await collect();
  expect(await whole(one)).toBe(2_500_000);
  await service.unpin(first);
  await collect();
  expect(await whole(one)).toBe(2_500_000);
  // Replaced: the old one ends as the new one begins.
  const replaced = await ask('POST', `/pins/${second}`, { cid: other, origins: origins(), name: 'other' });
  expect([replaced.status, replaced.value.requestid === second, (await ask('GET', `/pins/${second}`)).status]).toEqual([202, false, 404]);
  await jobs.idle();
  expect(await collect()).toBeGreaterThan(2);
  expect([await kept.has(parseCid(one)), await whole(other)]).toEqual([false, 2_500_000]);
});

test('what is kept is read again: bad blocks come anew from others, and of what nobody has any more its owner is told', async () => {
  const [one, other] = [await addFile(21), (await createStorage(kept).addFile({ content: Readable.from([new Uint8Array(2_100_000).fill(22)]) })).cid];
  const [first, second] = [await service.pin({ cid: one, name: 'one', origins: origins() }), await service.pin({ cid: other, name: 'only here', origins: [] })];
  await jobs.idle();
  const read = (mostBytes: number) => checkHostedPins({ db, own: kept, others: () => [], take: async () => undefined, signal: new AbortController().signal, mostBytes });
  expect([await read(1), await read(2 ** 30)]).toEqual([{ checked: 1, left: 1, repaired: 0, lost: [] }, { checked: 2, left: 0, repaired: 0, lost: [] }]);
  for (const file of globSync(path.join(folder, '*', '*.block'))) await writeFile(file, 'rubbish');
  await jobs.enqueue('hosted-pins-check', {});
  await jobs.idle();
  expect([await service.status(first), await whole(one)]).toMatchObject([{ state: 'pinned' }, 2_500_000]);
  expect(await service.status(second)).toMatchObject({ state: 'queued', why: expect.stringContaining(other) });
  // Once it is here again, whoever asks has it.
  await createStorage(kept).addFile({ content: Readable.from([new Uint8Array(2_100_000).fill(22)]) });
  const again = await ask('POST', '/pins', { cid: other });
  await jobs.idle();
  expect((await ask('GET', `/pins/${again.value.requestid}`)).value).toMatchObject({ status: 'pinned' });
});

test('what is nowhere waits with its reason; what is wrong or too large is refused', async () => {
  const lost = await createStorage(memoryBlocks()).addRaw(new TextEncoder().encode('nobody has this'));
  const waiting = await service.pin({ cid: lost.cid, name: 'lost', origins: origins() });
  await jobs.idle();
  expect(await service.status(waiting)).toMatchObject({ state: 'queued', why: expect.stringContaining(lost.cid) });
  // It has come, and whoever asks now need not wait.
  await asking.storage.addRaw(new TextEncoder().encode('nobody has this'));
  const again = (await ask('POST', '/pins', { cid: lost.cid, origins: origins() })).value.requestid!;
  await jobs.idle();
  expect(await service.status({ cid: lost.cid, id: again })).toMatchObject({ state: 'pinned' });
  // Who says that they have it, and has something else.
  const liar = fastify();
  liar.get('/ipfs/:cid', async (_request, reply) => reply.type('application/vnd.ipld.raw').send(Buffer.from('something else')));
  const url = await liar.listen({ host: '127.0.0.1', port: 0 });
  const forged = await service.pin({ cid: await createStorage(memoryBlocks()).addRaw(new TextEncoder().encode('as it was')).then(({ cid }) => cid), name: 'forged', origins: [multiaddrOfUrl(url)] });
  await jobs.idle();
  expect(await service.status(forged)).toMatchObject({ state: 'failed', why: expect.stringContaining('The bytes that came') });
  expect(await kept.has(parseCid(forged.cid))).toBe(false);
  await liar.close();
  const large = await service.pin({ cid: await addFile(9, 9_000_000), name: 'large', origins: origins() });
  await jobs.idle();
  expect(await service.status(large)).toMatchObject({ state: 'failed', why: expect.stringContaining(String(quotaBytes)) });
  const wrong = [{}, { cid: 'no-cid' }, { cid: 5 }, { cid: lost.cid, name: 'x'.repeat(256) }, { cid: lost.cid, origins: Array(21).fill('/dns/a/tcp/1/http') }, { cid: lost.cid, meta: { a: 1 } }, { cid: 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' }];
  for (const body of wrong) expect(await ask('POST', '/pins', body), JSON.stringify(body)).toMatchObject({ status: 400, value: { error: { reason: 'BAD_REQUEST', details: expect.any(String) } } });
});

test('pins are filtered and paged as the specification says', async () => {
  const cids = await Promise.all(['a', 'b', 'c'].map(async (text) => (await asking.storage.addRaw(new TextEncoder().encode(`pin ${text}`))).cid));
  for (const [index, name] of ['Rows', 'rows of 2020', 'Other'].entries()) await ask('POST', '/pins', { cid: cids[index], name, origins: origins(), meta: { app: index < 2 ? 'one' : 'two', n: String(index) } });
  // Nothing but pins that stand, where no status is asked for.
  const names = async (query: string): Promise<string[]> => {
    const { value: { results = [] } } = await ask('GET', `/pins?${query}`);
    return results.map(({ pin }) => pin.name);
  };
  await jobs.idle();
  expect(await names('')).toEqual(['Other', 'rows of 2020', 'Rows']);
  expect([await names('name=Rows'), await names('name=rows&match=iexact'), await names('name=rows&match=partial'), await names('name=ROWS&match=ipartial')]).toEqual([['Rows'], ['Rows'], ['rows of 2020'], ['rows of 2020', 'Rows']]);
  expect([await names(`cid=${cids[0]},${cids[2]}`), await names(`cid=${cids[0]}&cid=${cids[1]}`), await names('status=failed,queued'), await names('status=queued&status=pinned')]).toEqual([['Other', 'Rows'], ['rows of 2020', 'Rows'], [], ['Other', 'rows of 2020', 'Rows']]);
  expect([await names(`meta=${encodeURIComponent('{"app":"one"}')}`), await names(`meta=${encodeURIComponent('{"app":"one","n":"1"}')}`)]).toEqual([['rows of 2020', 'Rows'], ['rows of 2020']]);
  const { value: page } = await ask('GET', '/pins?limit=2');
  expect([page.count, page.results?.length]).toEqual([3, 2]);
  const oldest = page.results?.at(-1)?.created ?? '';
  expect([await names(`limit=2&before=${oldest}`), await names(`after=${oldest}`)]).toEqual([['Rows'], ['Other']]);
  for (const query of ['limit=0', 'limit=1001', 'status=lost', 'match=like', 'before=yesterday', 'meta=x', 'meta=[1]', 'cid=x', `cid=${Array(11).fill(0).map((_, index) => `b${index}`).join(',')}`]) expect(await ask('GET', `/pins?${query}`), query).toMatchObject({ status: 400, value: { error: { reason: 'BAD_REQUEST' } } });
});

test('only keys of admins that may pin are let in, and each sees its own', async () => {
  const { value: { requestid } } = await ask('POST', '/pins', { cid: await addFile(5, 10) });
  for (const access of ['', 'nd_wrong', 'x']) for (const [method, where] of [['GET', '/pins'], ['POST', '/pins'], ['GET', `/pins/${requestid}`], ['DELETE', `/pins/${requestid}`]] as const) {
    expect(await ask(method, where, method === 'POST' ? { cid: 'x' } : undefined, access)).toMatchObject({ status: 401, value: { error: { reason: 'UNAUTHORIZED' } } });
  }
  const somebody = await signUp();
  expect(await ask('GET', '/pins', undefined, (await makeKey(somebody, { scopes: ['pins:write'] })).key)).toMatchObject({ status: 403, value: { error: { reason: 'FORBIDDEN' } } });
  const { rows: [root] } = await db.pool.query<{ user_id: string }>("SELECT user_id FROM users WHERE email = 'root@example.org'");
  await db.pool.query(`UPDATE users SET roles = roles || '["admin"]' WHERE user_id <> $1`, [root!.user_id]);
  const [other, narrow] = [(await makeKey(somebody, { scopes: ['pins:write'] })).key, (await makeKey(somebody)).key];
  expect([(await ask('GET', '/pins', undefined, narrow)).status, (await ask('GET', `/pins/${requestid}`, undefined, other)).status, (await ask('DELETE', `/pins/${requestid}`, undefined, other)).status, (await ask('GET', '/pins', undefined, other)).value.count]).toEqual([403, 404, 404, 0]);
  expect((await ask('DELETE', `/pins/${requestid}`)).status).toBe(202);
  expect((await send('GET', '/pins/nothing', { access: token })).value).toMatchObject({ error: { reason: 'NOT_FOUND' } });
});
