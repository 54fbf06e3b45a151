import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { createBackgroundJobs } from '../jobs/index.ts';
import type { BackgroundJobs } from '../jobs/index.ts';
import { createOutbox } from './createOutbox.ts';
import { createSecretBox } from './createSecretBox.ts';
import type { Mailer } from './Mailer.ts';
import { smtpTransport } from './smtpTransport.ts';

/** Mails through a real SMTP server that asks for a password over STARTTLS and refuses when it is told to. */

const taken: string[] = [];
let refuse = 0;
const server = new SMTPServer({
  authMethods: ['PLAIN', 'LOGIN'],
  onAuth: ({ username, password }, session, done) => (username === 'node' && password === 'pass word' && session.secure ? done(null, { user: username }) : done(new Error('not you'))),
  onMailFrom: (_address, _session, done) => {
    refuse -= 1;
    done(refuse >= 0 ? Object.assign(new Error('come back later'), { responseCode: 451 }) : null);
  },
  onData: (stream, _session, done) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => {
      taken.push(text);
      done();
    });
  },
});

let db: Database;
let jobs: BackgroundJobs;
let mailer: Mailer;
const now = (): number => Math.floor(Date.now() / 1_000);

beforeAll(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.server.address() as { port: number };
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  jobs = createBackgroundJobs({ db, log: createLogger({ level: 'silent' }) });
  // The certificate of the test's server is nobody's.
  const transport = smtpTransport({ url: `smtp://node:pass%20word@127.0.0.1:${port}?requireTLS=true&tls.rejectUnauthorized=false`, from: 'NeuroData <no-reply@example.org>' });
  mailer = createOutbox({ jobs, transport, box: createSecretBox(new Uint8Array(32).fill(7)), now });
  await jobs.start();
});
afterAll(async () => {
  await jobs.stop();
  await db.close();
  await new Promise<void>((resolve) => { server.close(resolve); });
});

const code = 'SECRET-CODE-OF-A-MAIL';
const mail = { to: 'alice@example.org', subject: 'A code', text: `Open https://market.example/sign-in#verify=${code}\n` };
const everything = async (): Promise<string> => JSON.stringify((await db.pool.query('SELECT row_to_json(job)::text AS row FROM pgboss.job AS job')).rows);

test('a mail that is refused comes later, once, and can be read nowhere meanwhile nor afterwards', async () => {
  refuse = 1;
  await db.orm.transaction((tx) => mailer.send(mail, tx));
  await expect.poll(async () => (await jobs.list({ name: 'mail' }))[0]?.error, { timeout: 15_000 }).toMatch(/come back later/);
  expect(taken).toEqual([]);
  const waiting = await everything();
  expect([waiting.includes('sealed'), waiting.includes(code), waiting.includes('alice')]).toEqual([true, false, false]);
  await expect.poll(() => taken.length, { timeout: 30_000 }).toBe(1);
  expect(taken[0]).toMatch(/^From: NeuroData <no-reply@example\.org>\r\nTo: alice@example\.org\r\n/);
  expect(taken[0]!.replaceAll('=3D', '=').replaceAll('=\r\n', '')).toContain(`#verify=${code}`);
  await jobs.idle();
  expect(await jobs.list({ name: 'mail' })).toEqual([]);
}, 60_000);

test('what is rolled back is not sent, and neither is what has expired', async () => {
  taken.length = 0;
  await expect(db.orm.transaction(async (tx) => {
    await mailer.send(mail, tx);
    throw new Error('no');
  })).rejects.toThrow('no');
  await mailer.send({ ...mail, usefulUntil: now() - 1 });
  await jobs.idle();
  expect([taken, await jobs.list({ name: 'mail' })]).toEqual([[], []]);
});
