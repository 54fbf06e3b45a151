import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { voteFile, voteFilePath } from './voteFile.ts';

const address = '0x00000000000000000000000000000000000000AA';
let home = '';
beforeEach(async () => { home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-votes-')); });
afterEach(() => rm(home, { recursive: true, force: true }));

const vote = (index: number) => ({ chainId: 31_337, contract: address, disputeId: 2n ** 60n + BigInt(index), round: 0, juror: address, ruling: index % 3, salt: `0x${index.toString(16).padStart(64, '0')}` } as const);

test('votes are read back as they were put, by another process too, and stay their owner\'s', async () => {
  const store = voteFile(home, address);
  expect(await store.list()).toEqual([]);
  await store.put(vote(1));
  await store.put(vote(2));
  expect(await voteFile(home, address).list()).toEqual([vote(1), vote(2)]);
  expect((await stat(voteFilePath(home, address))).mode & 0o777).toBe(0o600);
});

test('many writers at the same time lose nothing and leave nothing behind', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, index) => voteFile(home, address).put(vote(index))));
  const kept = await voteFile(home, address).list();
  expect(kept.map(({ salt }) => salt).toSorted()).toEqual(Array.from({ length: 12 }, (_, index) => vote(index).salt));
  expect(await readdir(path.join(home, 'keys'))).toEqual([path.basename(voteFilePath(home, address))]);
});

test('a damaged file is refused and never replaced', async () => {
  const store = voteFile(home, address);
  await store.put(vote(1));
  await writeFile(voteFilePath(home, address), '{"version":1,');
  await expect(store.put(vote(2))).rejects.toMatchObject({ code: 'NO_KEY' });
  await expect(store.list()).rejects.toMatchObject({ code: 'NO_KEY' });
  expect(await readFile(voteFilePath(home, address), 'utf8')).toBe('{"version":1,');
});
