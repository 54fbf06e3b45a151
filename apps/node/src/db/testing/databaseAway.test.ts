import type { Config } from '@neurodata/protocol';
import { SMTPServer } from 'smtp-server';
import { createPublicClient, custom } from 'viem';
import { expect, test } from 'vitest';
import { createOutbox, createSecretBox, smtpTransport } from '../../accounts/index.ts';
import { serveApi } from '../../api/testing.ts';
import { createLogger } from '../../common/logger.ts';
import { createBackgroundJobs } from '../../jobs/index.ts';
import { openDatabase } from '../openDatabase.ts';
import { findPostgres } from './findPostgres.ts';
import { startPostgres } from './startPostgres.ts';

const programs = findPostgres(process.env['PATH'] ?? '');
const log = createLogger({ level: 'silent' });
const config: Config = {
  version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses: {} as Config['deployment']['addresses'] }, rpcUrl: '/rpc', demo: false, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
  windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
};

test.skipIf(!programs)(`a server that crashes and comes back: a clear answer meanwhile, and no mail or job is lost${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const mails: string[] = [];
  const smtp = new SMTPServer({ disabledCommands: ['AUTH', 'STARTTLS'], onData: (stream, _session, done) => { stream.on('data', (part: Buffer) => void mails.push(String(part))).on('end', done); } });
  await new Promise<void>((resolve) => { smtp.listen(0, '127.0.0.1', resolve); });
  const server = await startPostgres(programs!);
  const db = await openDatabase({ url: server.url, log });
  const jobs = createBackgroundJobs({ db, log, pollMs: 200 });
  const transport = smtpTransport({ url: `smtp://127.0.0.1:${(smtp.server.address() as { port: number }).port}`, from: 'node@example.org' });
  const mailer = createOutbox({ jobs, transport, box: createSecretBox(new Uint8Array(32)), now: () => Math.floor(Date.now() / 1_000) });
  let release = (): void => undefined;
  const done: string[] = [];
  jobs.define<{ name: string }>('work', {
    retries: 2, backoff: 1, timeoutSeconds: 60,
    work: async ({ name }) => {
      // The database goes while this is done, and its end is noted when it is back.
      await new Promise<void>((resolve) => { release = resolve; });
      done.push(name);
    },
  });
  await jobs.start();
  const client = createPublicClient({ transport: custom({ request: () => Promise.reject(new Error('no chain here')) }) });
  const served = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient: client, config }, db });
  try {
    await jobs.enqueue('work', { name: 'first' });
    await expect.poll(async () => (await jobs.list({ state: 'running' })).length).toBe(1);
    await jobs.enqueue('mail', { id: 'x', sealed: 'nothing that opens' }, { after: 3_600 });
    await server.crash();

    const response = await fetch(`${served.api.url}/api/v1/assets`);
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([503, '5', { code: 'NOT_READY', title: 'The database of this node does not answer.' }]);
    await expect(mailer.send({ to: 'a@example.org', subject: 'lost?', text: 'no: its sender is told' })).rejects.toThrow();
    await expect.poll(() => jobs.problem(), { timeout: 10_000 }).toBeDefined();
    release();
    await expect.poll(() => done).toEqual(['first']);

    await server.restart();
    await expect.poll(() => jobs.problem(), { timeout: 40_000 }).toBeUndefined();
    expect((await fetch(`${served.api.url}/api/v1/assets`)).status).toBe(200);
    await expect.poll(async () => (await jobs.list({ name: 'work' })).map(({ state, retries }) => [state, retries]), { timeout: 30_000 }).toEqual([['done', 0]]);
    expect(done).toEqual(['first']);
    expect(await jobs.list({ name: 'mail' })).toMatchObject([{ state: 'waiting' }]);
    await mailer.send({ to: 'b@example.org', subject: 'after', text: 'it goes on' });
    await jobs.idle();
    expect(mails.join('')).toContain('Subject: after');
  } finally {
    await served.close();
    await jobs.stop();
    await db.close();
    await server.stop();
    await new Promise<void>((resolve) => { smtp.close(resolve); });
  }
}, 120_000);
