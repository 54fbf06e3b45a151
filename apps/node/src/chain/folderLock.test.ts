import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from './folderLock.ts';
import { killStamped, processStamp } from './processStamp.ts';

test('one holder at a time, naming it; free after release', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(`process ${process.pid}`) });
  await lock.release();
  await (await lockFolder(folder)).release();
});

test('takes over from a process that is gone, from another with the same id, and a torn file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  const stale = [JSON.stringify({ pid: 4_194_000, stamp: 'x' }), JSON.stringify({ pid: process.pid, stamp: 'earlier' }), '{"pi', ''];
  for (const text of stale) {
    await writeFile(path.join(folder, 'lock'), text);
    await (await lockFolder(folder)).release();
  }
});

test('only one of many that find a stale lock gets it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  await writeFile(path.join(folder, 'lock'), JSON.stringify({ pid: 4_194_000, stamp: 'x' }));
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('ends only the very process that was meant', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const stamp = (await processStamp(pid)) ?? '';
  expect(await killStamped(pid, `${stamp}0`)).toBe(false);
  expect(child.exitCode).toBeNull();
  const exited = once(child, 'exit');
  expect(await killStamped(pid, stamp)).toBe(true);
  expect((await exited)[1]).toBe('SIGKILL');
  expect(await processStamp(pid)).toBeUndefined();
});
