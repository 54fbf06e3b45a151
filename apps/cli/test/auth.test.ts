import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noChain, serveApi } from '../../node/src/api/testing.ts';
import type { ServedApi } from '../../node/src/api/testing.ts';
import { sessionFilePath } from '../src/sessionFile.ts';
import { runCommand } from './runCommand.ts';
import type { Ran } from './runCommand.ts';

/** Signing in needs no chain: the real API and database, and the command as a user runs it. */

const privateKey = `0x${'1'.repeat(64)}` as const;

let home = '';
let served: ServedApi;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-auth-'));
  served = await serveApi({ chain: noChain, notices: { loopbackWebhooks: false } });
});
afterAll(async () => {
  await served.close();
  await rm(home, { recursive: true });
});

const neurodata = (words: string[], input = ''): Promise<Ran> => runCommand(words, { home, url: served.api.url, input });

test('sign in with a wallet, be known, renew, see what is there, sign out', { timeout: 150_000 }, async () => {
  const { address } = privateKeyToAccount(privateKey);
  expect(await neurodata(['auth', 'whoami'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Nobody is signed in.') });
  expect(await neurodata(['auth', 'login'])).toMatchObject({ code: 0, stdout: expect.stringContaining(address) });
  const file = sessionFilePath(home, served.api.url);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const kept = JSON.parse(await readFile(file, 'utf8')) as { refresh: string; accessExpiresAt: number };
  // Two commands at once renew it once.
  await writeFile(file, JSON.stringify({ ...kept, accessExpiresAt: 0 }));
  const both = await Promise.all([neurodata(['auth', 'whoami', '--json']), neurodata(['auth', 'sessions', '--json'])]);
  expect(both.map(({ code, stdout }) => [code, JSON.parse(stdout)])).toEqual([[0, expect.objectContaining({ wallets: [expect.objectContaining({ address })] })], [0, { items: [expect.objectContaining({ current: true, method: 'wallet' })] }]]);
  // What belongs to the account, as a terminal shows it.
  expect(JSON.parse((await neurodata(['auth', 'keys', 'add', 'a program', '--scope', 'notifications:read', '--json'])).stdout)).toMatchObject({ key: expect.stringMatching(/^nd_/) });
  // After ten minutes the wallet signs once more, without a question.
  await served.db.pool.query('UPDATE sessions SET proved_at = proved_at - 600');
  expect(await neurodata(['auth', 'keys', 'add', 'another program'])).toMatchObject({ code: 0, stdout: expect.stringContaining('never again') });
  const shown = await Promise.all([['auth', 'totp', 'begin'], ['notifications', 'list', '--unread'], ['webhooks', 'add', 'https://127.0.0.2/'], ['auth', 'passkeys', 'list']].map((words) => neurodata(words)));
  expect(shown).toMatchObject([
    { code: 0, stdout: expect.stringMatching(/[█▀▄]{8}[^]*\n[A-Z2-7]{32}\n/) }, { code: 0, stdout: expect.stringContaining('An API key was made') },
    { code: 1, stderr: expect.stringContaining('not an address on the public network') }, { code: 0, stdout: 'None.\n' },
  ]);
  expect(await neurodata(['notifications', 'read'])).toMatchObject({ code: 0, stdout: '0 left to read.\n' });
  expect(await neurodata(['auth', 'logout'])).toMatchObject({ code: 0, stdout: 'Signed out.\n' });
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a password comes by the input, never as a word of the command', { timeout: 60_000 }, async () => {
  const [email, password] = ['cli@example.org', 'correct horse battery'];
  const caller = { address: '127.0.0.1', agent: 'test' };
  await served.accounts.email.register({ email, password }, caller);
  await served.accounts.settled();
  const code = /#verify=(\S+)/.exec((await served.accounts.listMailbox())[0]!.text)![1]!;
  await served.accounts.email.verify({ code, password }, caller);
  expect(await neurodata(['auth', 'login', '--email', email], 'a wrong password\n')).toMatchObject({ code: 1, stderr: expect.stringContaining('Address or password are wrong.') });
  expect(await neurodata(['auth', 'login', '--email', email], `${password}\n`)).toMatchObject({ code: 0, stdout: `Signed in to ${served.api.url} as ${email}.\n` });
  await served.db.pool.query('UPDATE sessions SET proved_at = proved_at - 600');
  expect(await neurodata(['auth', 'keys', 'add', 'theirs'], 'a wrong password\n')).toMatchObject({ code: 1, stderr: expect.stringContaining('The password is wrong.') });
  expect(await neurodata(['auth', 'keys', 'add', 'mine'], `${password}\n`)).toMatchObject({ code: 0, stdout: expect.stringContaining('never again') });
});
