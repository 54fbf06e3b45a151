import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from '../db/openDatabase.ts';
import { createBackgroundJobs } from '../jobs/index.ts';
import { createOutbox } from './createOutbox.ts';
import { createSecretBox } from './createSecretBox.ts';

const hasPrlimit = existsSync('/usr/bin/prlimit');

test.skipIf(!hasPrlimit)(`a full disk ends the process, and each mail that was promised before is sent by the next one${hasPrlimit ? '' : ' (needs prlimit of util-linux)'}`, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'neurodata-mails-'));
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'killedSender.ts'), folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  let promised = 0;
  let full = false;
  for await (const chunk of child.stdout) {
    promised = Math.max(promised, Number(String(chunk).trim().split('\n').at(-1)));
    if (full || promised < 20) continue;
    // No file may be written beyond its first byte: what a full disk says, with another number.
    execFileSync('/usr/bin/prlimit', ['--pid', String(child.pid), '--fsize=1']);
    full = true;
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect([child.exitCode, said]).toEqual([1, expect.stringContaining('the database cannot write its log')]);

  const log = createLogger({ level: 'silent' });
  const db = await openDatabase({ folder, log });
  const jobs = createBackgroundJobs({ db, log });
  const sent = new Set<string>();
  const transport = { deliver: async ({ subject }: { subject: string }) => void sent.add(subject) };
  createOutbox({ jobs, transport, box: createSecretBox(new Uint8Array(32)), now: () => Math.floor(Date.now() / 1_000) });
  await jobs.start();
  await expect.poll(() => Array.from({ length: promised }, (_, index) => `Mail ${index + 1}`).filter((subject) => !sent.has(subject)), { timeout: 60_000 }).toEqual([]);
  await jobs.stop();
  await db.close();
  await rm(folder, { recursive: true });
}, 120_000);
