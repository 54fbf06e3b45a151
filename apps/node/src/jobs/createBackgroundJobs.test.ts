import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { createBackgroundJobs } from './createBackgroundJobs.ts';
import type { BackgroundJobs } from './createBackgroundJobs.ts';

/** One database; each test's jobs have names of their own. */

const log = createLogger({ level: 'silent' });
let db: Database;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
});
afterAll(() => db.close());

const open: BackgroundJobs[] = [];
afterAll(async () => {
  for (const jobs of open) await jobs.stop();
});

async function start(define: (jobs: BackgroundJobs) => void, graceMs = 5_000): Promise<BackgroundJobs> {
  const jobs = createBackgroundJobs({ db, log, graceMs });
  define(jobs);
  await jobs.start();
  open.push(jobs);
  return jobs;
}

const once = { retries: 0, backoff: 1, timeoutSeconds: 20 };

test('a job is done once; a key lets one wait; a rolled-back transaction sends nothing', async () => {
  const done: unknown[] = [];
  const jobs = await start((all) => all.define<{ n: number }>('first', { ...once, work: async (data) => { done.push(data); return { seen: data.n }; } }));
  const jobId = await jobs.enqueue('first', { n: 1 });
  await jobs.idle();
  expect(done).toEqual([{ n: 1 }]);
  expect(await jobs.list({ name: 'first' })).toMatchObject([{ jobId, state: 'done', retries: 0, result: { seen: 1 } }]);

  const later = 3_600;
  expect([typeof (await jobs.enqueue('first', { n: 2 }, { key: 'k', after: later })), await jobs.enqueue('first', { n: 3 }, { key: 'k', after: later })]).toEqual(['string', undefined]);

  const sent = db.orm.transaction(async (tx) => {
    await jobs.enqueue('first', { n: 4 }, { tx });
    throw new Error('no');
  });
  await expect(sent).rejects.toThrow('no');
  await db.orm.transaction(async (tx) => {
    await jobs.enqueue('first', { n: 5 }, { tx });
    await sleep(50);
    expect(done).toHaveLength(1);
  });
  await jobs.idle();
  expect(done).toEqual([{ n: 1 }, { n: 5 }]);
  expect(await jobs.count()).toEqual(expect.arrayContaining([{ name: 'first', state: 'done', count: 2 }, { name: 'first', state: 'waiting', count: 1 }]));
});

test('what fails is tried again, then is dead and says why; an admin puts it back to work, or ends it', async () => {
  let tries = 0;
  let broken = true;
  const jobs = await start((all) => all.define('shaky', { retries: 1, backoff: 1, timeoutSeconds: 20, work: async () => { tries += 1; if (broken) throw new Error('the far end is away'); } }));
  const jobId = (await jobs.enqueue('shaky', {}))!;
  const found = async () => (await jobs.list({ name: 'shaky' }))[0]!;
  await expect.poll(async () => (await found()).state, { timeout: 15_000 }).toBe('dead');
  expect([tries, await found()]).toMatchObject([2, { jobId, error: 'the far end is away', retries: 1, retryLimit: 1 }]);
  expect(await jobs.list({ state: 'dead' })).toHaveLength(1);

  broken = false;
  await jobs.retry(jobId);
  await jobs.idle();
  expect([tries, (await found()).state]).toEqual([3, 'done']);
  await expect(jobs.retry(jobId)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(jobs.retry('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const waiting = (await jobs.enqueue('shaky', {}, { after: 3_600 }))!;
  await jobs.cancel(waiting);
  expect(await jobs.list({ state: 'cancelled' })).toMatchObject([{ jobId: waiting }]);
  await expect(jobs.cancel(jobId)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a try that takes too long is ended, even where it does not listen', async () => {
  let aborted = false;
  const jobs = await start((all) => all.define('slow', {
    retries: 0, backoff: 1, timeoutSeconds: 1,
    work: (_data, signal) => new Promise<never>(() => { signal.addEventListener('abort', () => { aborted = true; }); }),
  }));
  await jobs.enqueue('slow', {});
  await expect.poll(async () => (await jobs.list({ name: 'slow' }))[0]?.state, { timeout: 15_000 }).toBe('dead');
  expect([aborted, (await jobs.list({ name: 'slow' }))[0]!.error]).toEqual([true, 'It took longer than 1 s.']);
});

test('stopping lets work end in time; what does not is put back, without counting as a failure, and done by the next one', async () => {
  const ended: string[] = [];
  const begun = Promise.withResolvers<void>();
  const work = async ({ name, ms }: { name: string; ms: number }, signal: AbortSignal): Promise<void> => {
    begun.resolve();
    await sleep(ms, undefined, { signal });
    ended.push(name);
  };
  const first = await start((all) => all.define('lengthy', { ...once, concurrency: 2, work }), 700);
  await first.enqueue('lengthy', { name: 'short', ms: 300 });
  await first.enqueue('lengthy', { name: 'long', ms: 60_000 });
  await begun.promise;
  await expect.poll(async () => (await first.list({ name: 'lengthy', state: 'running' })).length).toBe(2);
  const since = performance.now();
  await first.stop();
  expect(performance.now() - since).toBeLessThan(10_000);
  expect(ended).toEqual(['short']);
  const second = await start((all) => all.define('lengthy', { ...once, work: async ({ name }: { name: string; ms: number }) => void ended.push(name) }));
  await second.idle();
  expect(ended).toEqual(['short', 'long']);
  expect(await second.list({ name: 'lengthy' })).toEqual(expect.arrayContaining([expect.objectContaining({ state: 'done', retries: 0 })]));
});

test('so many at once as are allowed, and a finished one that is to be forgotten leaves no row', async () => {
  let running = 0;
  let most = 0;
  const jobs = await start((all) => all.define('many', {
    ...once, concurrency: 3, forget: true,
    work: async () => { running += 1; most = Math.max(most, running); await sleep(20); running -= 1; },
  }));
  for (let n = 0; n < 12; n += 1) await jobs.enqueue('many', { n });
  await jobs.idle();
  expect([most, await jobs.list({ name: 'many' })]).toEqual([3, []]);
});

test('a name that its queue could not have is refused where it is given, not at the start', () => {
  const jobs = createBackgroundJobs({ db, log });
  expect(() => jobs.define('two words', { ...once, work: () => Promise.resolve() })).toThrow('"two words" cannot name a job.');
});

test('times are kept as they are defined, and go when nobody defines them', async () => {
  const every = '7 3 * * *';
  const first = await start((all) => all.define('nightly', { ...once, every, work: async () => undefined }));
  const crons = async () => (await db.pool.query<{ name: string; cron: string }>('SELECT name, cron FROM pgboss.schedule')).rows;
  expect(await crons()).toEqual([{ name: 'nightly', cron: every }]);
  await first.stop();
  const second = await start((all) => all.define('other', { ...once, work: async () => undefined }));
  expect(await crons()).toEqual([]);
  expect(() => second.define('late', { ...once, work: async () => undefined })).toThrow('after the start');
  await expect(second.enqueue('nightly', {})).rejects.toThrow('Nobody does');
});
